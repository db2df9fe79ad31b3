package fit_test

import (
	"path/filepath"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/testenv"
)

// FuzzParse starts from the small trees in testdata; see make.sh there.
func FuzzParse(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.dtb")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no trees in testdata: %v", err)
	}
	for _, name := range seeds {
		f.Add(testenv.Read(f, name))
	}
	f.Fuzz(func(t *testing.T, d []byte) {
		p, err := parse(d)
		if err != nil {
			if !badinput.Is(err) {
				t.Fatalf("not blamed on the input: %v", err)
			}
			return
		}
		if p.Size > int64(len(d)) {
			t.Fatalf("%d bytes of %d", p.Size, len(d))
		}
		if _, err := p.Choose(); err != nil && !badinput.Is(err) {
			t.Fatalf("not blamed on the input: %v", err)
		}
		for _, m := range p.Images {
			if m.Compression == compress.None {
				if _, err := m.ReadAll(int64(len(d))); err != nil {
					t.Fatalf("%s: %v", m.Name, err)
				}
			}
		}
	})
}
