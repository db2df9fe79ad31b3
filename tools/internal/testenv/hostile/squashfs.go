package hostile

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
)

// squashed makes a file system of empty directories, and one file that cannot
// be compressed: its blocks are stored as they are, from byte 96 on.
func squashed(t testing.TB, compression string, file []byte, directories ...string) []byte {
	t.Helper()
	root, out := t.TempDir(), filepath.Join(t.TempDir(), "image")
	for _, dir := range append(directories, "lib/modules/5.4.0") {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if file != nil {
		if err := os.WriteFile(filepath.Join(root, "lib/modules/5.4.0/bomb.ko"), file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	testenv.Run(t, "mksquashfs", root, out, "-quiet", "-no-progress", "-all-root", "-comp", compression, "-b", "1M",
		"-noI", "-noX", "-no-fragments", "-nopad")
	return testenv.Read(t, out)
}

// SquashfsLoop has two directories that hold each both of them, without end.
func SquashfsLoop(t testing.TB) []byte {
	t.Helper()
	d := squashed(t, "gzip", nil, "lib/firmware/a", "lib/firmware/b", "lib/modules/5.4.0/c", "lib/modules/5.4.0/d")
	// An entry: place of the inode, its number, type, length of the name less 1.
	entry := func(name string) []byte {
		at := bytes.Index(d, append([]byte{1, 0, byte(len(name) - 1), 0}, name...))
		if at < 0 {
			t.Fatalf("no entry of %s", name)
		}
		return d[at-4:]
	}
	for _, name := range []string{"a", "b"} {
		copy(entry(name)[:2], entry("firmware"))
	}
	for _, name := range []string{"c", "d"} {
		copy(entry(name)[:2], entry("5.4.0"))
	}
	return d
}

// SquashfsBomb has a module of one block, which inflates to about a GiB; the
// compressions are those of mksquashfs.
func SquashfsBomb(t testing.TB, compression string) []byte {
	t.Helper()
	const block, plain = 1 << 20, 1 << 24 // a bit of a block's size
	noise := make([]byte, block)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	d := squashed(t, compression, noise)
	bomb := streams(t, compression)
	if len(bomb) > block {
		t.Fatalf("a bomb of %d bytes", len(bomb))
	}
	le := binary.LittleEndian
	at := bytes.Index(d, noise[:64])
	size := bytes.LastIndex(d, le.AppendUint32(nil, block|plain))
	if at < 0 || size < 0 {
		t.Fatal("the block is not stored as it is")
	}
	copy(d[at:], bomb)
	le.PutUint32(d[size:], uint32(len(bomb)))
	return d
}

// streams inflate to about a GiB, or more.
func streams(t testing.TB, compression string) []byte {
	t.Helper()
	switch compression {
	case "xz":
		return bytes.Repeat(testenv.Compressed(t, "xz -T1 -0 -c", make([]byte, 16<<20)), 100)
	case "zstd":
		return bytes.Repeat(frame(t, make([]byte, 1<<20)), 5000)
	}
	return zlibZeros(t, 16<<20, 63)
}

// zlibZeros inflates to n times so many zeros: one part is deflated, and stands n
// times before the last block and the sum.
func zlibZeros(t testing.TB, size, n int) []byte {
	t.Helper()
	var part bytes.Buffer
	w, err := flate.NewWriter(&part, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	d := append([]byte{0x78, 0x01}, bytes.Repeat(part.Bytes(), n)...)
	d = append(d, 1, 0, 0, 0xff, 0xff)
	// Adler-32: the second half counts the bytes, modulo the largest prime below 65536.
	return binary.BigEndian.AppendUint32(d, uint32(size*n%65521)<<16|1)
}

// SquashfsFragments says that it has half a billion fragments, whose table is
// one block, named a million times.
func SquashfsFragments(t testing.TB) []byte {
	t.Helper()
	const blocks, perBlock = 1 << 20, 512
	d := squashed(t, "gzip", nil)
	le := binary.LittleEndian
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write(make([]byte, 8<<10)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	block := uint64(len(d))
	d = append(le.AppendUint16(d, uint16(packed.Len())), packed.Bytes()...)
	le.PutUint32(d[16:], blocks*perBlock)
	le.PutUint64(d[48+4*8:], uint64(len(d)))
	d = append(d, bytes.Repeat(le.AppendUint64(nil, block), blocks)...)
	le.PutUint64(d[40:], uint64(len(d)))
	return d
}

// SquashfsChain has n links in lib/firmware, each to the next.
func SquashfsChain(t testing.TB, n int) []byte {
	t.Helper()
	root, out := t.TempDir(), filepath.Join(t.TempDir(), "image")
	firmware := filepath.Join(root, "lib/firmware")
	for _, dir := range []string{firmware, filepath.Join(root, "lib/modules/5.4.0")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		if err := os.Symlink(fmt.Sprint("l", i+1), filepath.Join(firmware, fmt.Sprint("l", i))); err != nil {
			t.Fatal(err)
		}
	}
	testenv.Run(t, "mksquashfs", root, out, "-quiet", "-no-progress", "-all-root", "-comp", "gzip")
	return testenv.Read(t, out)
}
