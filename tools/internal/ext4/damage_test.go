package ext4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4/ondisk"
	"shimboot/tools/internal/mkext4/mkext4test"
	"shimboot/tools/internal/testenv"
)

// unsealed opens an image whose checksums need not be right, to find out what
// is said of a thing itself.
func unsealed(b []byte) (*FS, error) {
	if sb, err := ondisk.ParseSuperblock(b[min(ondisk.SuperblockOffset, len(b)):]); err == nil && sb.ROCompat&ondisk.ROCompatMetadataCsum != 0 {
		b = bytes.Clone(b)
		sum := ondisk.SuperblockSum(b[ondisk.SuperblockOffset:])
		binary.LittleEndian.PutUint32(b[ondisk.SuperblockOffset+ondisk.SuperChecksum:], sum)
	}
	fsys, err := Open(bytes.NewReader(b), int64(len(b)))
	if err == nil {
		fsys.sums = ondisk.Checksums{}
	}
	return fsys, err
}

// plainImage is a file system of mke2fs without checksums, with the things
// that TestDamage breaks.
func plainImage(t *testing.T, options ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	must(0, os.WriteFile(filepath.Join(dir, "file"), mkext4test.Pattern("file", 100<<10), 0o600))
	must(0, os.WriteFile(filepath.Join(dir, "other"), nil, 0o600))
	must(0, os.MkdirAll(filepath.Join(dir, "dir/sub"), 0o755))
	must(0, os.Symlink(strings.Repeat("x", 100), filepath.Join(dir, "slow")))
	img := filepath.Join(t.TempDir(), "fs.img")
	mkext4test.Run(t, "mke2fs", append(slices.Clone(options), "-q", "-F", "-b", "1024", "-N", "64", "-d", dir, img, "1M")...)
	mkext4test.Run(t, "debugfs", "-w", "-R", "ea_set file user.note "+strings.Repeat("n", 300), img)
	return must(os.ReadFile(img))
}

// place finds where in an image a thing is.
func place(t *testing.T, b []byte, name string) (inode, record int64) {
	t.Helper()
	fsys := must(unsealed(b))
	parent := must(fsys.resolve(filepath.Dir(name), false))
	e, ok := must(fsys.directory(parent.ino, parent.parent)).lookup(filepath.Base(name))
	if !ok {
		t.Fatalf("no %s", name)
	}
	return must(fsys.entryInode(e)).pos, e.at
}

// TestDamage breaks one thing each and wants it named, with its offset.
func TestDamage(t *testing.T) {
	ext2, ext4 := plainImage(t, "-t", "ext2"), plainImage(t, "-t", "ext4", "-O", "^metadata_csum,^has_journal")
	le := binary.LittleEndian
	var file, record, dir, slow int64
	put32 := func(at int64, v uint32) func(b []byte) { return func(b []byte) { le.PutUint32(b[at:], v) } }
	put16 := func(at int64, v uint16) func(b []byte) { return func(b []byte) { le.PutUint16(b[at:], v) } }
	for _, base := range [][]byte{ext2, ext4} {
		file, record = place(t, base, "file")
		dir, _ = place(t, base, "dir")
		slow, _ = place(t, base, "slow")
		iblock := file + ondisk.InodeBlockOffset
		damage := map[string]func(b []byte){
			"directory record at":    put16(record+4, 7),
			"type of \"file\"":       func(b []byte) { b[record+7] = byte(ondisk.TypeDir) },
			`found "f/le"`:           func(b []byte) { b[record+9] = '/' },
			`found "f\x00le"`:        func(b []byte) { b[record+9] = 0 },
			"inode of \"file\"":      put32(record, 1<<30),
			"mode of inode":          put16(file, 0xF000),
			"link of at most 1024":   put32(slow+4, 5000),
			"a directory of at most": put32(dir+4, 0xFFFFFC00),
			"found encrypt, want":    func(b []byte) { b[file+0x21] |= ondisk.FlagEncrypt >> 8 },
			"attribute block magic":  put32(file+0x68, 3),
			"attribute block of":     put32(file+0x68, 1<<30),
		}
		if bytes.Equal(base, ext4) {
			damage["extent node magic"] = put16(iblock, 1)
			damage["extent node entries"] = put16(iblock+2, 999)
			damage["extent tree depth"] = put16(iblock+6, 9)
			damage["extent of inode"] = put32(iblock+ondisk.ExtentHeaderSize+8, 1<<30)
			damage["extent node depth"] = loopedExtents(iblock)
			damage["want at most 4398046"] = put32(file+0x6C, 1<<30)
		} else {
			damage["block of inode"] = put32(iblock, 1<<30)
			damage["indirect block of"] = put32(iblock+4*ondisk.DirectBlocks, 1<<30)
		}
		for want, change := range damage {
			b := bytes.Clone(base)
			change(b)
			fsys, err := unsealed(b)
			if err == nil {
				err = walkAll(fsys)
			}
			if !errors.Is(err, ErrFormat) || !badinput.Is(err) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), " at byte ") {
				t.Errorf("want %q with an offset: %v", want, err)
			}
		}
	}
}

// loopedExtents makes a file's index entry lead to a node that leads to itself.
func loopedExtents(iblock int64) func(b []byte) {
	le := binary.LittleEndian
	return func(b []byte) {
		node := le.Uint32(b[iblock+ondisk.ExtentHeaderSize+8:]) // a block of the content
		header := append(le.AppendUint16(nil, ondisk.ExtentMagic), 1, 0, 4, 0, 1, 0, 0, 0, 0, 0)
		entry := append(le.AppendUint32(nil, 0), b[iblock+ondisk.ExtentHeaderSize+8:][:4]...)
		copy(b[iblock:], append(header, append(entry, 0, 0, 0, 0)...))
		copy(b[int64(node)*1024:], append(header, append(entry, 0, 0, 0, 0)...))
	}
}

// TestTruncated cuts images off: what is gone is said, and is the input's fault.
func TestTruncated(t *testing.T) {
	b := plainImage(t, "-t", "ext2")
	for size := len(b) - 1024; size >= 0; size -= 37 * 1024 {
		if _, err := Open(bytes.NewReader(b[:size]), int64(size)); !badinput.Is(err) {
			t.Errorf("%d bytes: %v", size, err)
		}
		// The same where the size is not known to be short.
		fsys, err := Open(bytes.NewReader(b[:size]), int64(len(b)))
		if err == nil {
			err = walkAll(fsys)
		}
		if size < 150<<10 && !badinput.Is(err) {
			t.Errorf("%d bytes of %d: %v", size, len(b), err)
		}
	}
}

// TestUnreadable wants the error of a failing disk as it is, with file and
// offset, and not blamed on the file system.
func TestUnreadable(t *testing.T) {
	b := plainImage(t, "-t", "ext2")
	fsys := must(Open(bytes.NewReader(b), int64(len(b))))
	phys, _, err := must(fsys.resolve("file", true)).ino.mapBlock(50)
	if err != nil {
		t.Fatal(err)
	}
	at := int64(phys) * 1024
	errDisk := errors.New("input/output error")
	fsys = must(Open(testenv.BadBlock{ReaderAt: bytes.NewReader(b), At: at, Err: errDisk}, int64(len(b))))
	_, err = fs.ReadFile(fsys, "file")
	if !errors.Is(err, errDisk) || badinput.Is(err) || !strings.Contains(err.Error(), "read file: ") || !strings.Contains(err.Error(), uintString(uint64(at))) {
		t.Errorf("%v, want the file and %d", err, at)
	}
	if _, err := Open(testenv.BadBlock{ReaderAt: bytes.NewReader(b), At: ondisk.SuperblockOffset, Err: errDisk}, int64(len(b))); !errors.Is(err, errDisk) {
		t.Errorf("superblock: %v", err)
	}
}

// TestTooManyNames bounds the memory that a directory takes.
func TestTooManyNames(t *testing.T) {
	fsys := must(unsealed(plainImage(t, "-t", "ext2")))
	p := dirParser{fs: fsys, dir: must(fsys.resolve(".", false)).ino, out: &directory{}}
	var block []byte
	for len(block) < 1020 {
		block = append(binary.LittleEndian.AppendUint32(block, 12), 12, 0, 1, byte(ondisk.TypeRegular), 'n', 0, 0, 0)
	}
	var err error
	for k := 0; err == nil && k < 2*maxDirNames; k++ {
		err = p.records(block, 0)
	}
	if !badinput.Is(err) || !strings.Contains(err.Error(), "found more names, want at most 524288") {
		t.Error(err)
	}
}

// TestBehind has something behind the file system, as a partition with a
// verity tree does: it changes nothing.
func TestBehind(t *testing.T) {
	b := plainImage(t, "-t", "ext2")
	tree := bytes.Repeat([]byte("hash"), 100<<10)
	fsys, err := Open(bytes.NewReader(append(bytes.Clone(b), tree...)), int64(len(b)+len(tree)))
	if err != nil || int64(fsys.Blocks())*fsys.BlockSize() != int64(len(b)) {
		t.Fatalf("%v: %d blocks", err, fsys.Blocks())
	}
	if err := walkAll(fsys); err != nil {
		t.Error(err)
	}
}
