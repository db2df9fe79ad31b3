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
	f.Add(gnuTar(f, "truncate -s 100K f && echo end >> f", "--sparse", "--format=posix"))
	f.Add(gnuTar(f, "truncate -s 100K f && echo end >> f", "--sparse", "--format=gnu"))
	f.Fuzz(func(t *testing.T, d []byte) {
		p := tree.NewPacked()
		var err error
		testenv.Bounded(t, 0, func() {
			if err = tartree.Add(p, bytes.NewReader(d), int64(len(d))); err == nil {
				err = p.Finish()
			}
		})
		if err != nil {
			if !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
			return
		}
		for _, e := range p.Tree() {
			if e.Open == nil || e.Data != nil && e.Size > 1<<20 { // holes may be of any size
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
