package compress_test

import (
	"bytes"
	"compress/bzip2"
	stdgzip "compress/gzip"
	"io"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/testenv"
)

// FuzzReadAll starts from what each program makes of a short text; see
// testdata/make.sh.
func FuzzReadAll(f *testing.F) {
	const limit = 1 << 20
	seeds, err := filepath.Glob("testdata/short*")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("no streams in testdata: %v", err)
	}
	for _, name := range seeds {
		f.Add(testenv.Read(f, name))
	}
	f.Fuzz(func(t *testing.T, d []byte) {
		format := compress.Detect(d)
		var out []byte
		var err error
		testenv.Bounded(t, limit, func() { out, err = compress.ReadAll(format, bytes.NewReader(d), limit) })
		if err != nil && !badinput.Is(err) {
			t.Errorf("not blamed on the input: %v", err)
		}
		if len(out) > limit || err != nil && out != nil {
			t.Errorf("%d bytes, limit %d, %v", len(out), limit, err)
		}
		for _, size := range []int64{1, int64(len(out))} {
			again, err2 := compress.ReadSized(format, bytes.NewReader(d), size, limit)
			if (err2 == nil) != (err == nil) || !bytes.Equal(again, out) {
				t.Errorf("said to be %d bytes: %d of %d, %v, was %v", size, len(again), len(out), err2, err)
			}
		}
		if other, known := standard(format, d, limit); known && err == nil && !bytes.Equal(out, other) {
			t.Errorf("%s: %d bytes, the standard library gives %d", format, len(out), len(other))
		}
	})
}

// standard gives what Go's own decoders make of d.
func standard(format compress.Format, d []byte, limit int64) (out []byte, known bool) {
	var r io.Reader
	switch format {
	case compress.None:
		return d, true
	case compress.Bzip2:
		r = bzip2.NewReader(bytes.NewReader(d))
	case compress.Gzip:
		z, err := stdgzip.NewReader(bytes.NewReader(d))
		if err != nil {
			return nil, true
		}
		z.Multistream(false)
		r = z
	default:
		return nil, false
	}
	out, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, true
	}
	return out, true
}
