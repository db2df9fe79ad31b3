package mkext4_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"shimboot/tools/internal/mkext4"
	"shimboot/tools/internal/mkext4/mkext4test"
	"shimboot/tools/internal/tree"
)

const largeSize = 5<<30 + 4

// largeEntry is a file over 4 GiB of holes with a few words in it, in more
// pieces than an inode has room for.
func largeEntry() (e *tree.Entry, words map[int64]string) {
	words = map[int64]string{0: "first", largeSize - 4: "last"}
	for k := range int64(7) {
		words[(k+1)*600<<20+k*1000] = "word"
	}
	e = &tree.Entry{Path: "huge", Mode: 0o644, Size: largeSize, ModTime: mkext4test.Time()}
	e.Open = func() (io.ReadCloser, error) { return &sparse{words: words}, nil }
	for off := int64(0); off < largeSize; off += 4096 {
		for at, w := range words {
			if at/4096*4096 == off {
				e.Data = append(e.Data, tree.Range{Start: at, Size: int64(len(w))})
			}
		}
	}
	return e, words
}

// sparse is the content of largeEntry.
type sparse struct {
	words map[int64]string
	at    int64
}

func (s *sparse) Read(p []byte) (int, error) {
	if s.at == largeSize {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), largeSize-s.at)]
	clear(p)
	for at, w := range s.words {
		if at >= s.at && at+int64(len(w)) <= s.at+int64(len(p)) {
			copy(p[at-s.at:], w)
		}
	}
	s.at += int64(len(p))
	return len(p), nil
}

func (s *sparse) Seek(off int64, whence int) (int64, error) {
	if whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	s.at = off
	return off, nil
}

func (s *sparse) Close() error { return nil }

// TestWriteLargeFile writes a sparse file over 4 GiB with its holes.
func TestWriteLargeFile(t *testing.T) {
	e, words := largeEntry()
	img := mkext4test.WriteImage(t, []*tree.Entry{e}, mkext4test.Options(mkext4.Ext4), 64<<20)
	mkext4test.Fsck(t, img)
	out := mkext4test.Run(t, "debugfs", "-R", "stat /huge", img)
	if !strings.Contains(out, "Size: 5368709124") || !strings.Contains(out, "Blockcount: 80\n") {
		t.Errorf("want 9 blocks of data and one of the map: %s", out)
	}
	if out := mkext4test.Run(t, "debugfs", "-R", "ex /huge", img); !strings.Contains(out, " 1/ 1 ") {
		t.Errorf("no extent tree: %s", out)
	}
	f, err := openImage(t, img).Open("huge")
	if err != nil {
		t.Fatal(err)
	}
	for at, w := range words {
		got := make([]byte, len(w))
		if _, err := f.(io.ReaderAt).ReadAt(got, at); err != nil && !errors.Is(err, io.EOF) || string(got) != w {
			t.Errorf("%q at %d, want %q, %v", got, at, w, err)
		}
	}
}

// Files with holes lie among others, each with its own content.
func TestWriteHolesAmongFiles(t *testing.T) {
	list := []*tree.Entry{mkext4test.FileEntry("a", mkext4test.Pattern("a", 100)), mkext4test.FileEntry("z", mkext4test.Pattern("z", 5000))}
	for _, name := range []string{"b", "c"} {
		e := mkext4test.FileEntry(name, append(append(make([]byte, 2<<20), name...), make([]byte, 9000)...))
		e.Data = []tree.Range{{Start: 2 << 20, Size: 1}}
		list = append(list, e)
	}
	tr, err := tree.Merge(list)
	if err != nil {
		t.Fatal(err)
	}
	img := mkext4test.WriteImage(t, tr, mkext4test.Options(mkext4.Ext4), 0)
	mkext4test.Fsck(t, img)
	checkDump(t, img, tr)
}

// Holes cannot be kept on ext2, whose files stay what they are.
func TestWriteHolesOnExt2(t *testing.T) {
	content := append(make([]byte, 100<<10), "end"...)
	e := mkext4test.FileEntry("hole", content)
	e.Data = []tree.Range{{Start: 100 << 10, Size: 3}}
	tr, err := tree.Merge([]*tree.Entry{e})
	if err != nil {
		t.Fatal(err)
	}
	img := mkext4test.WriteImage(t, tr, mkext4test.Options(mkext4.Ext2), 0)
	mkext4test.Fsck(t, img)
	checkDump(t, img, tr)
}
