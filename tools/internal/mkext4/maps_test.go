package mkext4

import (
	"bytes"
	"encoding/binary"
	"testing"

	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/ext4/ondisk"
)

// TestDeepMaps writes maps of many runs, which take thousands of groups on a
// real disk, and reads them: extent trees of two levels, triple indirection.
func TestDeepMaps(t *testing.T) {
	const blocks = 2_000_000
	var runs []run
	for l := uint64(0); l < blocks; l += 1000 {
		runs = append(runs, run{10 + l + l/1000, 1000})
	}
	for _, kind := range []Kind{Ext2, Ext4} {
		mem := memory{}
		i := &ondisk.Inode{Mode: ondisk.ModeRegular, Links: 1, Size: blocks * blockSize, ExtraSize: ondisk.ExtraIsize}
		emit := func(n uint64, b []byte) error { mem[n] = bytes.Clone(b); return nil }
		var err error
		var want uint64
		maps := []run{{1 << 29, 1 << 20}}
		if kind == Ext2 {
			want, err = indirectCount(blocks), writeIndirect(i.Block[:], blocks, runs, maps, emit)
		} else {
			i.Flags = ondisk.FlagExtents
			list := extents(whole(blocks), runs)
			want, err = extentTreeBlocks(len(list)), writeExtents(i.Block[:], list, maps, emit)
			if depth := binary.LittleEndian.Uint16(i.Block[6:]); depth != 2 {
				t.Errorf("depth %d, want 2", depth)
			}
		}
		if err != nil || uint64(len(mem)) != want {
			t.Errorf("%v: %d blocks of map, want %d, %v", kind, len(mem), want, err)
		}
		mem.addFile(t, i)
		checkMap(t, mem, blocks)
	}
}

// checkMap follows the map of the file "f" and demands the runs of TestDeepMaps.
func checkMap(t *testing.T, mem memory, blocks int64) {
	t.Helper()
	fsys, err := ext4.Open(mem, memoryBlocks*blockSize)
	if err != nil {
		t.Fatal(err)
	}
	file, err := fsys.Open("f")
	if err != nil {
		t.Fatal(err)
	}
	f := file.(ext4.File)
	for l := int64(0); l < blocks; {
		start, end, err := f.NextData(l * blockSize)
		if err != nil || start != l*blockSize || end <= start {
			t.Fatalf("block %d: data from %d to %d, %v", l, start, end, err)
		}
		next := end / blockSize
		for _, at := range []int64{l, next - 1} {
			var phys [8]byte
			if _, err := f.ReadAt(phys[:], at*blockSize); err != nil {
				t.Fatalf("block %d: %v", at, err)
			}
			if got, want := binary.LittleEndian.Uint64(phys[:]), uint64(10+at+at/1000); got != want {
				t.Fatalf("block %d is at %d, want %d", at, got, want)
			}
		}
		l = next
	}
}

// memory is a disk of single blocks. Those that it does not have start with
// their own number.
type memory map[uint64][]byte

const memoryBlocks = 1 << 30

func (m memory) ReadAt(p []byte, off int64) (int, error) {
	b, ok := m[uint64(off/blockSize)]
	if !ok {
		b = make([]byte, blockSize)
		binary.LittleEndian.PutUint64(b, uint64(off/blockSize))
	}
	return copy(p, b[off%blockSize:]), nil
}

// addFile puts a file system around the maps: one group that is told of, with an
// inode of the name "f".
func (m memory) addFile(t *testing.T, i *ondisk.Inode) {
	t.Helper()
	const table, dir, file = 2, 3, 12
	s := ondisk.Superblock{
		InodesCount: 16, InodesPerGroup: 16, BlocksLo: memoryBlocks, BlocksPerGroup: blocksPerGroup, LogBlockSize: logBlockSize,
		Magic: ondisk.SuperblockMagic, Rev: ondisk.RevDynamic, FirstInode: ondisk.OldFirstInode, InodeSize: inodeSize,
		Incompat: ondisk.IncompatFiletype | ondisk.IncompatExtents,
	}
	b, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	root := &ondisk.Inode{Mode: ondisk.ModeDir, Links: 2, Size: blockSize, ExtraSize: ondisk.ExtraIsize}
	putPointer(root.Block[:], 0, dir)
	d := ondisk.GroupDesc{InodeTable: table}
	for n := range uint64(4) {
		m[n] = make([]byte, blockSize)
	}
	copy(m[0][ondisk.SuperblockOffset:], b)
	d.Put(m[1][:ondisk.GroupDescSize])
	root.Put(m[table][(ondisk.RootInode-1)*inodeSize:][:inodeSize])
	i.Put(m[table][(file-1)*inodeSize:][:inodeSize])
	at := 0
	for _, e := range []ondisk.DirEntry{
		{Inode: ondisk.RootInode, RecLen: ondisk.DotLen, Type: ondisk.TypeDir, Name: "."},
		{Inode: ondisk.RootInode, RecLen: ondisk.DotLen, Type: ondisk.TypeDir, Name: ".."},
		{Inode: file, RecLen: blockSize - ondisk.DotsLen, Type: ondisk.TypeRegular, Name: "f"},
	} {
		e.Put(m[dir][at:])
		at += e.RecLen
	}
}
