package mkext4_test

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"

	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/mkext4/mkext4test"
	"shimboot/tools/internal/tree"
)

// sizedTree has files without content of the given numbers of blocks.
func sizedTree(t testing.TB, blocks ...int64) tree.Tree {
	t.Helper()
	list := make([]*tree.Entry, len(blocks))
	for k, n := range blocks {
		list[k] = mkext4test.FileEntry(fmt.Sprintf("f%d", k), nil)
		list[k].Size = n * 4096
	}
	tr, err := tree.Merge(list)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// TestLeast checks that the size given is enough, that one block less is
// not, and that nothing above it fails, whatever group borders lie there.
func TestLeast(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []mkext4.Kind{mkext4.Ext2, mkext4.Ext4} {
		for _, blocks := range []int64{0, 1, 1000, 2000, 30000, 31000, 32000, 32500, 64000, 250000, 262000, 1 << 20, 5 << 20} {
			c := mkext4test.NewInodeSet(t, sizedTree(t, blocks, 3, blocks/7, 1), mkext4test.Options(kind))
			least, err := c.Least()
			if err != nil {
				t.Fatal(err)
			}
			if over := float64(least) / float64((blocks+blocks/7+5000)*4096); over > 1.06 {
				t.Errorf("%v of %d blocks: %d bytes are %.2f times the content", kind, blocks, least, over)
			}
			for k := range 40 {
				size := least + int64(k/20*r.IntN(100000)+k)*4096
				p, err := c.Plan(size)
				if err != nil {
					t.Errorf("%v of %d blocks: %d bytes more than the least: %v", kind, blocks, size-least, err)
				} else if p.Size() > size || p.FreeBlocks() > uint64(size-least)/4096+uint64(32768+5000) {
					t.Errorf("%v: size %d of %d, %d free", kind, p.Size(), size, p.FreeBlocks())
				}
			}
			var se *mkext4.SpaceError
			if _, err := c.Plan(least - 4096); !errors.As(err, &se) || se.Need != least || se.Have != least-4096 {
				t.Errorf("%v of %d blocks: one block less: %v", kind, blocks, err)
			}
		}
	}
}

// TestRoom checks what the options want to be left over.
func TestRoom(t *testing.T) {
	o := mkext4test.Options(mkext4.Ext4)
	o.MinFree, o.ExtraInodes = 10<<20, 5000
	c := mkext4test.NewInodeSet(t, sizedTree(t, 1000), o)
	least, err := c.Least()
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Plan(least)
	if err != nil || p.FreeBlocks() < 2560 || p.FreeInodes() < 5000 || c.Bytes() != 1000*4096 {
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
		"data after it": {Path: "f", Size: 9, Data: []tree.Range{{Start: 5, Size: 5}}, Open: mkext4test.Opener(nil)},
		"data disorder": {Path: "f", Size: 9, Data: []tree.Range{{Start: 5, Size: 1}, {Start: 1, Size: 1}}, Open: mkext4test.Opener(nil)},
	} {
		var te *mkext4.TreeError
		if _, err := mkext4.NewInodeSet(mkext4test.Pack(t, []*tree.Entry{&e}), mkext4test.Options(mkext4.Ext4)); !errors.As(err, &te) || te.Path != e.Path {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, o := range map[string]mkext4.Options{
		"no UUID": {}, "label": {UUID: [16]byte{1}, Label: strings.Repeat("l", 17)},
		"kind": {UUID: [16]byte{1}, Kind: 7}, "reserve": {UUID: [16]byte{1}, Reserved: mkext4.Reserve{Bytes: -1}}, "share": {UUID: [16]byte{1}, Reserved: mkext4.Reserve{Percent: 51}},
	} {
		if _, err := mkext4.NewInodeSet(tree.NewPacked(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, size := range []int64{0, 1<<20 + 1} {
		if _, err := mkext4test.NewInodeSet(t, nil, mkext4test.Options(mkext4.Ext4)).Plan(size); err == nil {
			t.Errorf("size %d: no error", size)
		}
	}
}

// A directory has no more names than package ext4 reads.
func TestNamesOfADirectory(t *testing.T) {
	const most = 512 << 10
	for _, kind := range []mkext4.Kind{mkext4.Ext2, mkext4.Ext4} {
		p := tree.NewPacked()
		for i := range most + 1 {
			if err := p.Add(&tree.Entry{Path: fmt.Sprint("d/", i), Mode: 0o644}); err != nil {
				t.Fatal(err)
			}
		}
		_, err := mkext4.NewInodeSet(p, mkext4test.Options(kind))
		var te *mkext4.TreeError
		if !errors.As(err, &te) || !strings.Contains(err.Error(), "d: a directory of 524289 names, want at most 524288") {
			t.Errorf("%v: %v, want too many names", kind, err)
		}
	}
}
