package ext4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/tree"
)

// sizedTree has files without content of the given numbers of blocks.
func sizedTree(t testing.TB, blocks ...int64) tree.Tree {
	t.Helper()
	list := make([]*tree.Entry, len(blocks))
	for k, n := range blocks {
		list[k] = fileEntry(fmt.Sprintf("f%d", k), nil)
		list[k].Size = n * blockSize
	}
	tr, err := tree.Merge(list)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// TestContentSize checks that the size given is enough, that one block less is
// not, and that nothing above it fails, whatever group borders lie there.
func TestContentSize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []Kind{Ext2, Ext4} {
		for _, blocks := range []int64{0, 1, 1000, 2000, 30000, 31000, 32000, 32500, 64000, 250000, 262000, 1 << 20, 5 << 20} {
			c := newContent(t, sizedTree(t, blocks, 3, blocks/7, 1), testOptions(kind))
			least, err := c.Least()
			if err != nil {
				t.Fatal(err)
			}
			if over := float64(least) / float64((blocks+blocks/7+5000)*blockSize); over > 1.06 {
				t.Errorf("%v of %d blocks: %d bytes are %.2f times the content", kind, blocks, least, over)
			}
			for k := range 40 {
				size := least + int64(k/20*r.IntN(100000)+k)*blockSize
				p, err := c.Plan(size)
				if err != nil {
					t.Errorf("%v of %d blocks: %d bytes more than the least: %v", kind, blocks, size-least, err)
				} else if p.Size() > size || p.FreeBlocks() > uint64(size-least)/blockSize+uint64(32768+5000) {
					t.Errorf("%v: size %d of %d, %d free", kind, p.Size(), size, p.FreeBlocks())
				}
			}
			var se *SpaceError
			if _, err := c.Plan(least - blockSize); !errors.As(err, &se) || se.Need != least || se.Have != least-blockSize {
				t.Errorf("%v of %d blocks: one block less: %v", kind, blocks, err)
			}
		}
	}
}

// TestRoom checks what the options want to be left over.
func TestRoom(t *testing.T) {
	o := testOptions(Ext4)
	o.MinFree, o.ExtraInodes = 10<<20, 5000
	c := newContent(t, sizedTree(t, 1000), o)
	least, err := c.Least()
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Plan(least)
	if err != nil || p.FreeBlocks() < 2560 || p.FreeInodes() < 5000 || c.Bytes() != 1000*blockSize {
		t.Errorf("%d blocks and %d inodes free, %v", p.FreeBlocks(), p.FreeInodes(), err)
	}
}

// TestBadTrees refuses what a file system cannot hold, naming the entry.
func TestBadTrees(t *testing.T) {
	link := fs.ModeSymlink | 0o777
	for name, e := range map[string]tree.Entry{
		"empty link":    {Path: "f", Mode: link},
		"long link":     {Path: "f", Mode: link, Target: strings.Repeat("x", 4096)},
		"device number": {Path: "f", Mode: fs.ModeDevice, Major: 4096},
		"irregular":     {Path: "f", Mode: fs.ModeIrregular},
		"attribute":     {Path: "f", XAttrs: map[string][]byte{"system.data": nil}},
		"attributes":    {Path: "f", XAttrs: map[string][]byte{"user.x": make([]byte, 4096)}},
		"acl":           {Path: "f", XAttrs: map[string][]byte{"system.posix_acl_access": {1}}},
		"lost+found":    {Path: "lost+found"},
		"data after it": {Path: "f", Size: 9, Data: []tree.Range{{Start: 5, Size: 5}}, Open: opener(nil)},
		"data disorder": {Path: "f", Size: 9, Data: []tree.Range{{Start: 5, Size: 1}, {Start: 1, Size: 1}}, Open: opener(nil)},
	} {
		var te *TreeError
		if _, err := NewContent(pack(t, []*tree.Entry{&e}), testOptions(Ext4)); !errors.As(err, &te) || te.Path != e.Path {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, o := range map[string]Options{
		"no UUID": {}, "label": {UUID: [16]byte{1}, Label: strings.Repeat("l", 17)},
		"kind": {UUID: [16]byte{1}, Kind: 7}, "reserve": {UUID: [16]byte{1}, Reserved: Reserve{Bytes: -1}}, "share": {UUID: [16]byte{1}, Reserved: Reserve{Percent: 51}},
	} {
		if _, err := NewContent(tree.NewPacked(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, size := range []int64{0, 1<<20 + 1} {
		if _, err := newContent(t, nil, testOptions(Ext4)).Plan(size); err == nil {
			t.Errorf("size %d: no error", size)
		}
	}
}

// TestNameHash compares hashes with debugfs's, which takes bytes as signed: for
// ASCII that is the same. Other names are judged by e2fsck in
// TestWriteHashedDirs.
func TestNameHash(t *testing.T) {
	seed := [16]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10}
	for _, name := range []string{"a", "hello", "lost+found", strings.Repeat("x", 31), strings.Repeat("y", 32), strings.Repeat("z", 33), strings.Repeat("long", 60)} {
		out := runTool(t, "debugfs", "-R", "dx_hash -h half_md4 -s 01234567-89ab-cdef-fedc-ba9876543210 "+name)
		if want := fmt.Sprintf("is 0x%08x ", nameHash(name, seed)); !strings.Contains(out, want) {
			t.Errorf("%q: %s, want %q", name, out, want)
		}
	}
}

// TestTimes takes times there and back, over the whole range.
func TestTimes(t *testing.T) {
	for _, want := range []time.Time{
		time.Unix(0, 0), time.Unix(-1, 999999999), time.Unix(1<<31-1, 1), time.Unix(1<<31, 2), time.Unix(1<<32, 3),
		time.Unix(-1<<31, 0), time.Unix(1<<34-1<<31-1, 5),
	} {
		if got := decodeTime(encodeTime(want)); !got.Equal(want) {
			t.Errorf("%v came back as %v", want.UTC(), got)
		}
	}
}

// checkMap follows a map and demands the runs of TestDeepMaps.
func checkMap(t *testing.T, i *Inode, blocks uint64) {
	t.Helper()
	for l := uint64(0); l < blocks; {
		phys, n, err := i.mapBlock(l)
		if err != nil || phys == 0 {
			t.Fatalf("block %d: %d, %v", l, phys, err)
		}
		if want := 10 + l + l/1000; phys != want {
			t.Fatalf("block %d is at %d, want %d", l, phys, want)
		}
		l += n
	}
}

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
		fsys := &FS{r: mem, sb: &superblock{}, bs: blockSize, blocks: 1 << 30}
		i := &Inode{Ino: 12, fs: fsys, iblock: make([]byte, iblockSize)}
		emit := func(n uint64, b []byte) error { mem[n] = append([]byte{}, b...); return nil }
		var err error
		var want uint64
		maps := []run{{1 << 29, 1 << 20}}
		if kind == Ext2 {
			want, err = indirectCount(blocks), writeIndirect(i.iblock, blocks, runs, maps, emit)
		} else {
			i.Flags = flagExtents
			list := extents(whole(blocks), runs)
			want, err = extentTreeBlocks(len(list)), writeExtents(i.iblock, list, maps, emit)
			if depth := binary.LittleEndian.Uint16(i.iblock[6:]); depth != 2 {
				t.Errorf("depth %d, want 2", depth)
			}
		}
		if err != nil || uint64(len(mem)) != want {
			t.Errorf("%v: %d blocks of map, want %d, %v", kind, len(mem), want, err)
		}
		checkMap(t, i, blocks)
	}
}

// memory is a disk of single blocks.
type memory map[uint64][]byte

func (m memory) ReadAt(p []byte, off int64) (int, error) {
	return copy(p, m[uint64(off/blockSize)]), nil
}
