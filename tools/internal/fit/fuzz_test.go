package fit_test

import (
	"path/filepath"
	"reflect"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/fit"
	"shimboot/tools/internal/testenv"
)

// FuzzParse starts from the small trees in testdata; see make.sh there.
func FuzzParse(f *testing.F) {
	const limit = 1 << 20
	seeds, err := filepath.Glob("testdata/*.dtb")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no trees in testdata: %v", err)
	}
	for _, name := range seeds {
		f.Add(testenv.Read(f, name))
	}
	f.Fuzz(func(t *testing.T, d []byte) {
		var p *fit.FIT
		var err error
		testenv.Bounded(t, 4<<20, func() { p, err = parse(d) }) // a board's tree
		if err != nil {
			if !badinput.Is(err) {
				t.Fatalf("not blamed on the input: %v", err)
			}
			return
		}
		if p.Size > int64(len(d)) {
			t.Fatalf("%d bytes of %d", p.Size, len(d))
		}
		if again, err := parse(d[:p.Size]); err != nil || again.Size != p.Size || !reflect.DeepEqual(again.Configurations, p.Configurations) {
			t.Fatalf("of its own %d bytes: %+v, %v", p.Size, again, err)
		}
		if c, err := p.Choose(); err == nil && p.Image(c.Kernel) == nil || err != nil && !badinput.Is(err) {
			t.Fatalf("%+v, %v", c, err)
		}
		for _, m := range p.Images {
			var out []byte
			testenv.Bounded(t, limit, func() { out, err = m.ReadAll(limit) })
			if len(out) > limit || err != nil && !badinput.Is(err) {
				t.Fatalf("%s: %d bytes, %v", m.Name, len(out), err)
			}
		}
	})
}
