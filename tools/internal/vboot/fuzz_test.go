package vboot_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/vboot"
)

// FuzzParse starts from a blob that vbutil_kernel signed; see testdata/make.sh.
func FuzzParse(f *testing.F) {
	seed := signed(f)
	f.Add(seed)
	f.Add([]byte("CHROMEOS\x02\x00\x00\x00\x01\x00\x00\x00\x70\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, d []byte) {
		var b *vboot.Blob
		var err error
		testenv.Bounded(t, 0, func() { b, err = vboot.Parse(bytes.NewReader(d), int64(len(d))) })
		if err != nil {
			if !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
			return
		}
		if b.Size() > int64(len(d)) || b.CmdlineOffset() < 0 || b.ParamsOffset() > b.BodySize() || b.BootloaderOffset() > b.BodySize() {
			t.Errorf("%d bytes, body of %d: parts are outside", len(d), b.BodySize())
		}
		checks, err := b.Verify(nil)
		if err != nil && !badinput.Is(err) {
			t.Errorf("not blamed on the input: %v", err)
		}
		// What is behind the blob is not the blob's.
		again, err2 := vboot.Parse(bytes.NewReader(d[:b.Size()]), b.Size())
		if err2 != nil || again.Cmdline() != b.Cmdline() {
			t.Fatalf("of its own %d bytes: %v", b.Size(), err2)
		}
		if _, err2 = again.Verify(nil); (err == nil) != (err2 == nil) {
			t.Errorf("of its own %d bytes: %v, was %v", b.Size(), err2, err)
		}
		// Who changes anything that is signed has the key, or is found out.
		if err == nil && !bytes.HasPrefix(seed, d[:b.Size()]) && bytes.Equal(seed[:b.BodyOffset()], d[:b.BodyOffset()]) {
			t.Errorf("another body, and still: %+v", checks)
		}
	})
}

func signed(f *testing.F) []byte {
	packed, err := os.Open("testdata/signed.bin.gz")
	if err != nil {
		f.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		f.Fatal(err)
	}
	d, err := io.ReadAll(z)
	if err != nil {
		f.Fatal(err)
	}
	if b, err := vboot.Parse(bytes.NewReader(d), int64(len(d))); err != nil {
		f.Fatal(err)
	} else if _, err := b.Verify(nil); err != nil {
		f.Fatal(err)
	}
	return d
}
