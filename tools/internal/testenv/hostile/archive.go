package hostile

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// frame is d as one frame of zstd; any number of them follow each other.
func frame(t testing.TB, d []byte) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(d, nil)
}

// Zstd is what inflates to start and n MiB of the byte fill.
func Zstd(t testing.TB, start []byte, fill byte, n int) []byte {
	t.Helper()
	return append(frame(t, start), bytes.Repeat(frame(t, bytes.Repeat([]byte{fill}, 1<<20)), n)...)
}

// TarOf is a compressed archive with a file of n MiB, all of the byte fill.
func TarOf(t testing.TB, fill byte, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	h := &tar.Header{Name: "large", Mode: 0o644, Size: int64(n) << 20, Format: tar.FormatGNU}
	if err := tar.NewWriter(&b).WriteHeader(h); err != nil {
		t.Fatal(err)
	}
	return Zstd(t, b.Bytes(), fill, n)
}

// TarOfLinks is a compressed archive of n links, with targets as long as can be.
func TarOfLinks(t testing.TB, n int) []byte {
	t.Helper()
	return packed(t, n, func(i int) *tar.Header {
		return &tar.Header{
			Name: fmt.Sprint("link", i), Typeflag: tar.TypeSymlink, Format: tar.FormatGNU,
			Linkname: fmt.Sprint(i) + strings.Repeat("x", 4000),
		}
	})
}

// TarOfAttributes is a compressed archive of n files, with many attributes each.
func TarOfAttributes(t testing.TB, n int) []byte {
	t.Helper()
	return packed(t, n, func(i int) *tar.Header {
		return &tar.Header{Name: fmt.Sprint("file", i), PAXRecords: map[string]string{
			"SCHILY.xattr.user.a": strings.Repeat("a", 30_000), "SCHILY.xattr.user.b": strings.Repeat("b", 30_000),
		}}
	})
}

func packed(t testing.TB, n int, header func(i int) *tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for i := range n {
		if err := w.WriteHeader(header(i)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []io.Closer{w, z} {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// CpioOfNames is an archive of n empty files, with names as long as can be.
func CpioOfNames(n int) []byte {
	var b bytes.Buffer
	long := strings.Repeat(strings.Repeat("n", 254)+"/", 15)
	entry := func(name string, mode int) {
		fmt.Fprintf(&b, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
			0, mode, 0, 0, 1, 0, 0, 0, 0, 0, 0, len(name)+1, 0, name)
		b.Write(make([]byte, -b.Len()&3))
	}
	for i := range n {
		entry(fmt.Sprint(long, i), 0o100644)
	}
	entry("TRAILER!!!", 0)
	return b.Bytes()
}

// Zip has one image of n MiB, all of the byte fill.
func Zip(t testing.TB, fill byte, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("image.bin")
	if err != nil {
		t.Fatal(err)
	}
	part := bytes.Repeat([]byte{fill}, 1<<20)
	for range n {
		if _, err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
