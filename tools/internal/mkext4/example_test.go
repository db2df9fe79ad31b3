package mkext4_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"time"

	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/tree"
)

// Plans a file system with room for a mebibyte more, writes it into memory, and
// reads it again.
func Example() {
	const text = "hello\n"
	t := tree.NewPacked()
	err := t.Add(&tree.Entry{
		Path: "etc/motd", Mode: 0o644, Size: int64(len(text)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader([]byte(text))), nil },
	})
	if err != nil {
		log.Fatal(err)
	}
	inodes, err := mkext4.NewInodeSet(t, mkext4.Options{
		Kind: mkext4.Ext2, Label: "small", UUID: [16]byte{1}, Time: time.Unix(1e9, 0), MinFree: 1 << 20,
	})
	if err != nil {
		log.Fatal(err)
	}
	least, err := inodes.Least()
	if err != nil {
		log.Fatal(err)
	}
	plan, err := inodes.Plan(least)
	if err != nil {
		log.Fatal(err)
	}
	image := make(memory, least)
	if err := plan.Write(image); err != nil {
		log.Fatal(err)
	}

	fsys, err := ext4.Open(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	data, err := fsys.ReadFile("etc/motd")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %s, %d of %d blocks free: %q\n", fsys.Type(), fsys.Label(), plan.FreeBlocks(), fsys.Blocks(), data)
	// Output:
	// ext2 small, 256 of 272 blocks free: "hello\n"
}

// memory is a disk.
type memory []byte

func (m memory) WriteAt(p []byte, off int64) (int, error) { return copy(m[off:], p), nil }
