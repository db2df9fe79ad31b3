package tartree_test

import (
	"archive/tar"
	"bytes"
	"io"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tartree"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// FuzzRead: what is listed can be read, all of it.
func FuzzRead(f *testing.F) {
	f.Add(bytes.Repeat([]byte{0}, 1024))
	f.Add(seed(f))
	f.Fuzz(func(t *testing.T, d []byte) {
		var entries []*tree.Entry
		var err error
		testenv.Bounded(t, 0, func() { entries, err = tartree.Read(bytes.NewReader(d), int64(len(d))) })
		if err != nil {
			if !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
			return
		}
		for _, e := range entries {
			if e.Open == nil {
				continue
			}
			r, err := e.Open()
			if err != nil {
				t.Fatal(err)
			}
			if n, err := io.Copy(io.Discard, r); err != nil || n != e.Size {
				t.Errorf("%q has %d of %d bytes, %v", e.Path, n, e.Size, err)
			}
		}
		_, _ = tree.Merge(entries) // refuses paths that lead out
	})
}

// seed has one entry of each kind.
func seed(f *testing.F) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []*tar.Header{
		{Typeflag: tar.TypeDir, Name: "d/", Mode: 0o755},
		{Typeflag: tar.TypeReg, Name: "d/f", Size: 4, Mode: 0o600},
		{Typeflag: tar.TypeLink, Name: "h", Linkname: "d/f"},
		{Typeflag: tar.TypeSymlink, Name: "s", Linkname: "d"},
		{Typeflag: tar.TypeChar, Name: "c", Devmajor: 5, Devminor: 1},
		{Typeflag: tar.TypeReg, Name: "x", Size: 4, PAXRecords: map[string]string{"SCHILY.xattr.user.a": "b"}},
	} {
		if err := w.WriteHeader(h); err != nil {
			f.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := io.WriteString(w, "text"); err != nil {
				f.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	return b.Bytes()
}
