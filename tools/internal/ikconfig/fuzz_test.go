package ikconfig_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ikconfig"
	"shimboot/tools/internal/testenv"
)

// FuzzFind: the text is what the standard library makes of the stream between
// the marks.
func FuzzFind(f *testing.F) {
	f.Add(kernel("IKCFG_ST" + zipped(text) + "IKCFG_ED"))
	f.Add([]byte("IKCFG_ST" + zipped(text) + "IKCFG_ED"))
	f.Add([]byte("IKCFG_ST\x1f\x8b\x08IKCFG_EDIKCFG_ST\x1f\x8b\x08IKCFG_ED"))
	f.Fuzz(func(t *testing.T, d []byte) {
		var c *ikconfig.Config
		var err error
		testenv.Bounded(t, 8<<20, func() { c, err = ikconfig.Find(d) })
		if c != nil && err != nil || err != nil && !badinput.Is(err) {
			t.Fatalf("%+v, %v", c, err)
		}
		if c == nil {
			return
		}
		z, err := gzip.NewReader(bytes.NewReader(d[c.Offset:][:c.Size]))
		if err != nil {
			t.Fatal(err)
		}
		z.Multistream(false)
		if want, err := io.ReadAll(z); err != nil || !bytes.Equal(c.Text, want) {
			t.Errorf("%d bytes of text, the standard library gives %d, %v", len(c.Text), len(want), err)
		}
		if !bytes.HasSuffix(d[:c.Offset], []byte("IKCFG_ST")) || !bytes.HasPrefix(d[c.Offset+c.Size:], []byte("IKCFG_ED")) {
			t.Errorf("%d bytes at %d are not between the marks", c.Size, c.Offset)
		}
	})
}
