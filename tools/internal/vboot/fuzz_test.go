package vboot_test

import (
	"bytes"
	_ "embed"
	"io"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/vboot"
)

//go:embed testdata/vblock.bin
var vblock []byte

// bodySize is what the seed's preamble says. All of the fuzzed input is
// keyblock and preamble; a body of zeros follows.
const bodySize = 16 << 10

func FuzzParse(f *testing.F) {
	f.Add(vblock)
	f.Add(vblock[:600])
	f.Fuzz(func(t *testing.T, d []byte) {
		d = append(bytes.Clone(d), make([]byte, bodySize)...)
		b, err := vboot.Parse(bytes.NewReader(d), int64(len(d)))
		if err != nil {
			if !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
			return
		}
		if b.Size() > int64(len(d)) || len(b.Cmdline()) > 4096 {
			t.Errorf("%d bytes, command line of %d, in an input of %d", b.Size(), len(b.Cmdline()), len(d))
		}
		checks, err := b.Verify(&b.Keyblock.DataKey)
		if len(checks) != 4 || err != nil && !badinput.Is(err) {
			t.Errorf("%v %v", checks, err)
		}
		if header := b.VmlinuzHeader(); header != nil {
			if n, err := io.Copy(io.Discard, header); err != nil || n != int64(b.Preamble.VmlinuzHeaderSize) {
				t.Errorf("vmlinuz header: %d bytes, %v", n, err)
			}
		}
	})
}

// The seed is what the fuzzing is worth: it gets as far as the body.
func TestSeedGetsToTheBody(t *testing.T) {
	checks, err := parse(t, append(bytes.Clone(vblock), make([]byte, bodySize)...)).Verify(nil)
	if err == nil || !checks[0].OK || !checks[1].OK || checks[2].OK {
		t.Errorf("%v, %v", checks, err)
	}
}
