package cpio_test

import (
	"bytes"
	"io/fs"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// FuzzRead: what reads is whole and inside, and what is written of it reads
// the same again.
func FuzzRead(f *testing.F) {
	f.Add([]byte("070701"))
	f.Add(bytes.Repeat([]byte("0"), 256))
	entries := tree.Tree{
		file("f", "content"),
		{Path: "g", Mode: 0o644, Link: "f"},
		{Path: "l", Mode: fs.ModeSymlink | 0o777, Target: "f"},
		{Path: "n", Mode: fs.ModeDevice | fs.ModeCharDevice, Major: 5, Minor: 1},
	}
	var b bytes.Buffer
	if err := cpio.Write(&b, entries); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(bytes.ReplaceAll(b.Bytes(), []byte("070701"), []byte("070702")))
	f.Add(append(append(b.Bytes(), make([]byte, 9)...), b.Bytes()...))
	f.Fuzz(func(t *testing.T, d []byte) {
		var entries []*tree.Entry
		var err error
		testenv.Bounded(t, 0, func() { entries, err = cpio.Read(bytes.NewReader(d), int64(len(d))) })
		if err != nil {
			if !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
			return
		}
		for _, e := range entries {
			if !fs.ValidPath(e.Path) {
				t.Errorf("path %q leaves the archive", e.Path)
			}
			if e.IsHardlink() && (e.Open != nil || e.Size != 0) {
				t.Errorf("%q is a link with content", e.Path)
			}
		}
		rewrite(t, entries)
	})
}

// rewrite compares entries, as they are merged, with themselves written and
// read back.
func rewrite(t *testing.T, entries []*tree.Entry) {
	t.Helper()
	merged, err := tree.Merge(entries)
	if err != nil {
		return // such as a file in a file
	}
	var b bytes.Buffer
	if err := cpio.Write(&b, merged); err != nil {
		t.Fatal(err)
	}
	again, err := cpio.Read(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if want, got := listing(t, byFirstName(merged)), listing(t, again); got != want {
		t.Errorf("was\n%sbecame\n%s", want, got)
	}
}

// byFirstName is the same tree as an archive of it is read: the first of a
// file's names has the content, and the others lead to it.
func byFirstName(t tree.Tree) tree.Tree {
	files := map[string]*tree.Entry{}
	for _, e := range t {
		files[e.Path] = e
	}
	first := map[*tree.Entry]string{}
	out := make(tree.Tree, 0, len(t))
	for _, e := range t {
		file := e
		if e.IsHardlink() {
			file = files[e.Link]
		}
		same := *file
		same.Path = e.Path
		if path, ok := first[file]; ok {
			same.Link, same.Size, same.Open = path, 0, nil
		} else {
			first[file] = e.Path
		}
		out = append(out, &same)
	}
	return out
}
