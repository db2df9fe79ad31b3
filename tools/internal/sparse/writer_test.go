package sparse_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/iotest"

	"shimboot/tools/internal/sparse"
)

// Whatever pieces it comes in, a file is what was written, and its zeros are holes.
func TestWriter(t *testing.T) {
	want := make([]byte, 4<<20+77)
	copy(want[1<<20+5:], "in the middle")
	copy(want[3<<20-1:], "across")
	for name, r := range map[string]io.Reader{
		"at once": bytes.NewReader(want), "in halves": iotest.HalfReader(bytes.NewReader(want)),
	} {
		f, err := os.Create(filepath.Join(t.TempDir(), "f"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		n, err := io.Copy(sparse.NewWriter(f), r)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(n); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(want))
		if _, err := f.ReadAt(got, 0); err != nil || n != int64(len(want)) || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v, or others than were written", name, n, err)
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		if took := info.Sys().(*syscall.Stat_t).Blocks * 512; took > 1<<20 {
			t.Errorf("%s: it takes %d bytes", name, took)
		}
	}
}
