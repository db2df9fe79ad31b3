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

func TestRefusals(t *testing.T) {
	link := &tree.Entry{Path: "sbin", Mode: fs.ModeSymlink, Target: "bin"}
	for name, test := range map[string]struct {
		sources [][]*tree.Entry
		want    string
	}{
		"path out of the tree":        {[][]*tree.Entry{{file("../x", 0)}}, "not a clean relative path"},
		"file as a directory":         {[][]*tree.Entry{{file("a", 0), file("a/b", 0)}}, "its parent a"},
		"file behind a symlink":       {[][]*tree.Entry{{link}, {file("sbin/init", 0)}}, "its parent sbin"},
		"directory over a symlink":    {[][]*tree.Entry{{link}, {dir("sbin")}}, "would replace the symlink to bin"},
		"hard link to nothing":        {[][]*tree.Entry{{{Path: "a", Link: "b"}}}, "hard link to b"},
		"name longer than 255":        {[][]*tree.Entry{{file(strings.Repeat("n", 256), 0)}}, "256 bytes"},
		"content that is not there":   {[][]*tree.Entry{{{Path: "a", Size: 5}}}, "without content"},
		"root that is no directory":   {[][]*tree.Entry{{file(".", 0)}}, "want a directory"},
		"hard link to a directory":    {[][]*tree.Entry{{dir("d"), {Path: "a", Link: "d"}}}, "not a file"},
		"hard link to a replaced one": {[][]*tree.Entry{{file("a", 0), {Path: "b", Link: "a"}}, {dir("a")}}, "not a file"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tree.Merge(test.sources...)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
