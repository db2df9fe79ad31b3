package initramfs_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

const limit = 1 << 16

// FuzzLocate: any bytes as a part of a kernel, and any bytes as an archive
// whose length stands behind it. What is found is what the word is about.
func FuzzLocate(f *testing.F) {
	f.Add([]byte("070701"))
	raw := smallArchive(f)
	f.Add(raw)
	f.Add(section(raw))
	for _, filter := range filters() {
		f.Add(testenv.Compressed(f, filter, raw))
	}
	f.Fuzz(func(t *testing.T, d []byte) {
		for _, s := range []initramfs.Segment{
			{Address: base + 4, Offset: 4096, Data: d, Word: 4},
			{Address: base + 4, Offset: 4096, Data: d, Word: 8},
			{Address: base, Offset: 4096, Data: section(d), Word: 4},
			{Address: base, Offset: 4096, Data: section(d), Word: 8},
		} {
			var found *initramfs.Found
			var err error
			testenv.Bounded(t, 2*limit, func() { found, err = initramfs.Locate([]initramfs.Segment{s}, limit) })
			switch {
			case err == nil:
				checkFound(t, &s, found)
			case !badinput.Is(err):
				t.Errorf("not blamed on the input: %v", err)
			}
		}
	})
}

// checkFound compares with another way to the same bytes.
func checkFound(t *testing.T, s *initramfs.Segment, found *initramfs.Found) {
	t.Helper()
	start := found.Offset - s.Offset
	end := start + found.Size
	at := end + (-(end + int64(s.Address)) & 7)
	if got := uint64(binary.LittleEndian.Uint32(s.Data[at:])); got != uint64(found.Size) {
		t.Errorf("%d bytes at %d, the word says %d", found.Size, start, got)
	}
	// Kbuild's size word may be among the bytes.
	for cut := range int64(8) {
		want, err := compress.ReadAll(found.Compression, bytes.NewReader(s.Data[start:end-cut]), int64(len(s.Data))+limit)
		if err == nil && bytes.Equal(want, found.Cpio) {
			return
		}
	}
	t.Errorf("%d bytes of %s became %d of other content", found.Size, found.Compression, len(found.Cpio))
}

func smallArchive(f *testing.F) []byte {
	var b bytes.Buffer
	if err := cpio.Write(&b, tree.Tree{{Path: "init", Mode: 0o755}}); err != nil {
		f.Fatal(err)
	}
	return b.Bytes()
}

// FuzzELFSegments: they are parts of the file.
func FuzzELFSegments(f *testing.F) {
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	good := testenv.ELF(base, []byte("code and data"))
	f.Add(good)
	f.Fuzz(func(t *testing.T, d []byte) {
		var list []initramfs.Segment
		var err error
		testenv.Bounded(t, 0, func() { list, err = initramfs.ELFSegments(d) })
		if err != nil && !badinput.Is(err) {
			t.Errorf("not blamed on the input: %v", err)
		}
		if bytes.Equal(d, good) && (err != nil || len(list) != 1) {
			t.Errorf("the seed is good: %v", err)
		}
		if len(list) > 16 {
			t.Errorf("%d segments", len(list))
		}
		for _, s := range list {
			if !bytes.Equal(s.Data, d[s.Offset:][:len(s.Data)]) || len(s.Data) == 0 || s.Word != 4 && s.Word != 8 {
				t.Errorf("%d bytes at %d, words of %d", len(s.Data), s.Offset, s.Word)
			}
		}
	})
}
