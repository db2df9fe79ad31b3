package tree_test

import (
	"io/fs"
	"strings"
	"testing"

	"shimboot/tools/internal/tree"
)

func file(name string, uid uint32) *tree.Entry { return &tree.Entry{Path: name, Mode: 0o644, UID: uid} }

func dir(name string) *tree.Entry { return &tree.Entry{Path: name, Mode: fs.ModeDir | 0o700} }

func paths(t tree.Tree) string {
	var names []string
	for _, e := range t {
		names = append(names, e.Path)
	}
	return strings.Join(names, " ")
}

func TestMergeSortsAndAddsParents(t *testing.T) {
	got, err := tree.Merge([]*tree.Entry{file("b/c", 0), file("b-", 0), file("a/x/y", 0)})
	if err != nil {
		t.Fatal(err)
	}
	if want := ". a a/x a/x/y b b/c b-"; paths(got) != want {
		t.Errorf("%s, want %s", paths(got), want)
	}
}

func TestLaterSourceWins(t *testing.T) {
	got, err := tree.Merge([]*tree.Entry{file("f", 1), dir("d"), file("d/below", 1)}, []*tree.Entry{file("f", 2), file("d", 2)})
	if err != nil {
		t.Fatal(err)
	}
	if paths(got) != ". d f" || got[1].UID != 2 || got[2].UID != 2 {
		t.Errorf("%s, owners %d and %d", paths(got), got[1].UID, got[2].UID)
	}
}

// The content of a file stays at its other names when one is replaced.
func TestHardLinkOutlivesItsFirstName(t *testing.T) {
	linked := func() []*tree.Entry {
		return []*tree.Entry{file("a", 7), {Path: "b", Link: "a"}, {Path: "c", Link: "a"}}
	}
	for name, later := range map[string]*tree.Entry{"by a file": file("a", 1), "by a directory": dir("a")} {
		t.Run(name, func(t *testing.T) {
			got, err := tree.Merge(linked(), []*tree.Entry{later})
			if err != nil {
				t.Fatal(err)
			}
			a, b, c := got[1], got[2], got[3]
			if a.Mode != later.Mode || a.UID != later.UID || b.IsHardlink() || b.UID != 7 || c.Link != "b" {
				t.Errorf("a %+v\nb %+v\nc %+v", a, b, c)
			}
		})
	}
	kept, n := remove(t, linked(), "a")
	if n != 1 || len(kept) != 3 || kept[1].UID != 7 || kept[2].Link != "b" {
		t.Errorf("removed %d, kept %+v", n, kept)
	}
}

// remove takes a path out of entries, and gives the rest.
func remove(t *testing.T, entries []*tree.Entry, path string) (tree.Tree, int) {
	t.Helper()
	p := tree.NewPacked()
	if err := p.AddAll(entries); err != nil {
		t.Fatal(err)
	}
	n := p.Remove(path)
	if err := p.Finish(); err != nil {
		t.Fatal(err)
	}
	return p.Tree(), n
}

func TestRemove(t *testing.T) {
	entries := func() []*tree.Entry {
		return []*tree.Entry{dir("d"), file("d/a", 1), file("d/e/f", 1), file("da", 1), file("i/j/k", 1)}
	}
	for path, want := range map[string]struct {
		entries int
		left    string
	}{
		"d":     {3, ". da i i/j i/j/k"},
		"d/a":   {1, ". d d/e d/e/f da i i/j i/j/k"},
		"d/e":   {1, ". d d/a da i i/j i/j/k"}, // a directory without an entry of its own
		"i/j/k": {1, ". d d/a d/e d/e/f da"},
		"x":     {0, ". d d/a d/e d/e/f da i i/j i/j/k"},
		"d/a/x": {0, ". d d/a d/e d/e/f da i i/j i/j/k"},
		".":     {0, ". d d/a d/e d/e/f da i i/j i/j/k"},
	} {
		if left, n := remove(t, entries(), path); n != want.entries || paths(left) != want.left {
			t.Errorf("%s: %d entries, left %s; want %d, %s", path, n, paths(left), want.entries, want.left)
		}
	}
}

func TestBareDirectoryChangesNothing(t *testing.T) {
	tmp := &tree.Entry{Path: "tmp", Mode: fs.ModeDir | fs.ModeSticky | 0o777, UID: 7}
	bare := &tree.Entry{Path: "tmp", Mode: fs.ModeDir | 0o755, Bare: true}
	got, err := tree.Merge([]*tree.Entry{tmp}, []*tree.Entry{bare, file("tmp/x", 0)})
	if err != nil || got[1].Mode != tmp.Mode || got[1].UID != 7 {
		t.Errorf("%+v, %v", got[1], err)
	}
}

func TestRefusals(t *testing.T) {
	link := &tree.Entry{Path: "sbin", Mode: fs.ModeSymlink, Target: "bin"}
	for name, test := range map[string]struct {
		sources [][]*tree.Entry
		want    string
	}{
		"path out of the tree":      {[][]*tree.Entry{{file("../x", 0)}}, "not a clean relative path"},
		"file as a directory":       {[][]*tree.Entry{{file("a", 0), file("a/b", 0)}}, "its parent a"},
		"file behind a symlink":     {[][]*tree.Entry{{link}, {file("sbin/init", 0)}}, "its parent sbin"},
		"directory over a symlink":  {[][]*tree.Entry{{link}, {dir("sbin")}}, "would replace the symlink to bin"},
		"hard link to nothing":      {[][]*tree.Entry{{{Path: "a", Link: "b"}}}, "hard link to b"},
		"name longer than 255":      {[][]*tree.Entry{{file(strings.Repeat("n", 256), 0)}}, "256 bytes"},
		"content that is not there": {[][]*tree.Entry{{{Path: "a", Size: 5}}}, "without content"},
		"root that is no directory": {[][]*tree.Entry{{file(".", 0)}}, "no directory"},
		"hard link to a directory":  {[][]*tree.Entry{{dir("d"), {Path: "a", Link: "d"}}}, "not a file"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tree.Merge(test.sources...)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
