package lzop_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/lzop"
	"shimboot/tools/internal/testenv"
)

// FuzzRead: any bytes, and any bytes as the blocks of a header that is good
// and asks for no checksum, so that the decoder gets them.
func FuzzRead(f *testing.F) {
	const limit = 4 << 20
	seeds, err := filepath.Glob("testdata/*.lzo")
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds", err)
	}
	var header []byte
	for _, s := range seeds {
		d, err := os.ReadFile(s)
		if err != nil {
			f.Fatal(err)
		}
		end := headerEnd(d) + 4
		f.Add(bytes.Clone(d))
		f.Add(reflag(d, 0)[end:])
		header = d[:end]
	}
	f.Fuzz(func(t *testing.T, d []byte) {
		for _, input := range [][]byte{d, append(bytes.Clone(header), d...)} {
			var out []byte
			var err error
			testenv.Bounded(t, 8*limit, func() { out, err = read(bytes.NewReader(input), limit) })
			if err != nil && !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
			// How the bytes come in makes no difference.
			again, err2 := read(iotest.OneByteReader(bytes.NewReader(input)), limit)
			if (err == nil) != (err2 == nil) || !bytes.Equal(out, again) {
				t.Errorf("a byte at a time: %d of %d bytes, %v, was %v", len(again), len(out), err2, err)
			}
		}
	})
}

func read(src io.Reader, limit int64) ([]byte, error) {
	r, err := lzop.NewReader(src)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, limit))
}
