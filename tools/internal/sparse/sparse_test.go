package sparse_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"shimboot/tools/internal/sparse"
)

const mib = 1 << 20

// file has data of a MiB at each of the MiBs, and holes up to size.
func file(t *testing.T, size int64, at ...int64) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	data := make([]byte, mib)
	data[0] = 1
	for _, a := range at {
		if _, err := f.WriteAt(data, a*mib); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func TestData(t *testing.T) {
	for name, test := range map[string]struct {
		file *os.File
		size int64
		want []sparse.Range
	}{
		"a hole":      {file(t, 8*mib), 8 * mib, nil},
		"nothing":     {file(t, 0), 0, nil},
		"all data":    {file(t, 2*mib, 0, 1), 2 * mib, []sparse.Range{{0, 2 * mib}}},
		"between":     {file(t, 8*mib, 1, 2, 5), 8 * mib, []sparse.Range{{mib, 3 * mib}, {5 * mib, 6 * mib}}},
		"at the end":  {file(t, 8*mib, 7), 8 * mib, []sparse.Range{{7 * mib, 8 * mib}}},
		"only a part": {file(t, 8*mib, 0, 1, 6), mib / 2, []sparse.Range{{0, mib / 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sparse.Data(test.file, test.size)
			if err != nil || got == nil || !slices.Equal(got, test.want) {
				t.Errorf("%v, %v; want %v", got, err, test.want)
			}
		})
	}
}

// Of what cannot tell, as the files of /proc, all is data.
func TestDataWithoutHoles(t *testing.T) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := sparse.Data(f, mib); err != nil || !slices.Equal(got, []sparse.Range{{0, mib}}) {
		t.Errorf("%v, %v; want all of it", got, err)
	}
}

func TestZero(t *testing.T) {
	for _, n := range []int{0, 1, 4095, 4096, 4097, 3 * 4096} {
		b := make([]byte, n)
		if !sparse.Zero(b) {
			t.Errorf("%d zeros are none", n)
		}
		for _, at := range []int{0, n / 2, n - 1} {
			if n > 0 {
				b[at] = 1
				if sparse.Zero(b) {
					t.Errorf("a one at %d of %d is not seen", at, n)
				}
				b[at] = 0
			}
		}
	}
}

func TestStartGoesOnWithZeros(t *testing.T) {
	whole := append([]byte("start"), make([]byte, 5)...)
	r := sparse.Start([]byte("start"), 10)
	for off := int64(-1); off < 12; off++ {
		for n := range 12 {
			got := bytes.Repeat([]byte("x"), n)
			k, err := r.ReadAt(got, off)
			want := 0
			if off >= 0 && off < 10 {
				want = min(n, 10-int(off))
			}
			end := off < 0 || off >= 10 || n > want
			if k != want || (err == io.EOF) != end || err != nil && err != io.EOF || !bytes.Equal(got[:k], whole[min(max(off, 0), 10):][:k]) {
				t.Errorf("%d bytes at %d: %d, %v, %q", n, off, k, err, got)
			}
		}
	}
}
