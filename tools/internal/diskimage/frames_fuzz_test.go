package diskimage

import (
	"bytes"
	"io"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/testenv"
)

// FuzzZstdSize: what the decoder reads to its end is not cut off, and is as long
// as was said.
func FuzzZstdSize(f *testing.F) {
	f.Add([]byte("\x28\xb5\x2f\xfd\x24\x04\x21\x00\x00abcd\x9b\x0e\x0b\x3c"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x00\x58\x0b\x00\x00x\x02\x00\x80\x03\x00\x00y"))
	f.Add([]byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc\x28\xb5\x2f\xfd\x24\x00\x01\x00\x00\x99\xe9\xd8\x51"))
	f.Fuzz(func(t *testing.T, d []byte) {
		var size, got int64
		var err, decoded error
		testenv.Bounded(t, 1<<20, func() { size, err = zstdSize(bytes.NewReader(d), int64(len(d))) })
		if err != nil && !badinput.Is(err) {
			t.Errorf("not blamed on the input: %v", err)
		}
		r, decoded := compress.NewReader(compress.Zstd, bytes.NewReader(d))
		if decoded != nil {
			return
		}
		defer r.Close()
		const limit = 1 << 20
		got, decoded = io.Copy(io.Discard, io.LimitReader(r, limit))
		switch {
		case decoded != nil || got == limit:
		case err != nil:
			t.Errorf("the decoder reads it: %v", err)
		case size >= 0 && size != got:
			t.Errorf("%d bytes, the decoder gives %d", size, got)
		}
	})
}
