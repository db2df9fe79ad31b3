package arm64_test

import (
	"testing"

	"shimboot/tools/internal/arm64"
	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

func FuzzParse(f *testing.F) {
	good := testenv.ARM64Image(nil)[:arm64.HeaderSize]
	f.Add(good)
	f.Add(good[:arm64.HeaderSize-1])
	f.Fuzz(func(t *testing.T, d []byte) {
		var h *arm64.Header
		var err error
		testenv.Bounded(t, 0, func() { h, err = arm64.Parse(d) })
		switch {
		case err != nil && !badinput.Is(err):
			t.Errorf("not blamed on the input: %v", err)
		case err != nil:
		case !arm64.Is(d) || arm64.IsZImage(d) || h.Flags&1 != 0 || h.ImageSize > 1<<30:
			t.Errorf("%+v is taken", h)
		}
	})
}
