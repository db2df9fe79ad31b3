package initramfs_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"io/fs"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

func file(name, content string) *tree.Entry {
	return &tree.Entry{
		Path: name, Mode: 0o755, Size: int64(len(content)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
	}
}

func archive(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var entries []*tree.Entry
	for name, content := range files {
		entries = append(entries, file(name, content))
	}
	entries = append(entries, &tree.Entry{Path: "dev", Mode: fs.ModeDir | 0o755})
	merged, err := tree.Merge(entries)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := cpio.Write(&b, merged); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func xz(t *testing.T, d []byte) []byte {
	t.Helper()
	testenv.Run(t, "xz", "--version")
	cmd := exec.Command("xz", "--check=crc32", "-c")
	cmd.Stdin = bytes.NewReader(d)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// section lays an archive out as the linker script does: 4-aligned, and the
// length in the next 8-aligned word.
func section(archive []byte) []byte {
	d := append([]byte{}, archive...)
	d = append(d, make([]byte, -len(d)&7)...)
	return binary.LittleEndian.AppendUint64(d, uint64(len(archive)))
}

const base = 0xffffffff82000000

func locate(parts ...[]byte) (*initramfs.Found, error) {
	var d []byte
	for _, p := range parts {
		d = append(d, make([]byte, -len(d)&7+8)...)
		d = append(d, p...)
	}
	d = append(d, make([]byte, 64)...)
	return initramfs.Locate([]initramfs.Segment{{Address: base, Offset: 4096, Data: d, Word: 8}}, 1<<24)
}

// Other archives in a kernel, before and behind, do not mislead the search.
func TestFindsTheArchiveThatTheLengthBelongsTo(t *testing.T) {
	wanted := archive(t, map[string]string{"init": "#!/bin/sh\n", "bin/busybox": strings.Repeat("program ", 1000)})
	decoy := archive(t, map[string]string{"init": "kernel headers", "kernel/kheaders": "x"})
	for name, data := range map[string][]byte{"xz": xz(t, wanted), "raw": wanted} {
		t.Run(name, func(t *testing.T) {
			found, err := locate(xz(t, decoy), decoy, section(data), xz(t, decoy), decoy)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(found.Cpio, wanted) || found.Size != int64(len(data)) {
				t.Errorf("found %d bytes of %s, want the %d of the archive", found.Size, found.Compression, len(data))
			}
			if found.Default() || !found.HasInit() {
				t.Error("a shim's archive is taken for the default one")
			}
		})
	}
}

func TestDefaultArchiveGivesWayToOneWithInit(t *testing.T) {
	standard := archive(t, nil)
	found, err := locate(section(standard))
	if err != nil || !found.Default() || found.Compression != compress.None {
		t.Fatalf("%v, %+v: want the default archive", err, found)
	}
	found, err = locate(section(standard), section(archive(t, map[string]string{"init": "#!"})))
	if err != nil || !found.HasInit() {
		t.Errorf("%v: want the archive with /init", err)
	}
}

func TestRefusals(t *testing.T) {
	one := archive(t, map[string]string{"init": "1"})
	two := archive(t, map[string]string{"init": "2"})
	for name, test := range map[string]struct {
		parts [][]byte
		want  string
	}{
		"no archive":         {[][]byte{[]byte("some kernel text")}, "found none in the kernel"},
		"no length":          {[][]byte{one}, "found none in the kernel"},
		"two equally good":   {[][]byte{section(one), section(two)}, "2 that are equally good"},
		"archive cut off":    {[][]byte{section(xz(t, one)[:100])}, "found none"},
		"length out of data": {[][]byte{binary.LittleEndian.AppendUint64(nil, 1<<40)}, "found none"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := locate(test.parts...)
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}

func gzipped(t *testing.T, d []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(d); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// words appends length words that all lead back to the start of d.
func words(d []byte, n int) []byte {
	d = append(bytes.Clone(d), make([]byte, -len(d)&7)...)
	for range n {
		d = binary.LittleEndian.AppendUint64(d, uint64(len(d)))
	}
	return d
}

// A bomb that many words lead back to costs one or two decompressions, and
// many bombs as much as the limit allows.
func TestBombs(t *testing.T) {
	const size = 4 << 20
	bomb := gzipped(t, make([]byte, size))
	whole := gzipped(t, append(archive(t, map[string]string{"init": "x"}), make([]byte, size-1<<16)...))
	var many []byte
	for i := range 5 {
		one := gzipped(t, append(make([]byte, size-1<<16), byte(i)))
		many = append(many, section(one)...)
	}
	for name, test := range map[string]struct {
		data  []byte
		limit int64
		want  string
	}{
		"many words":                {words(bomb, 64), size, "found none in the kernel"},
		"many words, over limit":    {words(bomb, 64), size - 1, "more than 4194303 bytes in a gzip stream"},
		"an archive and many words": {words(whole, 1000), size, ""},
		"cut off in many places":    {words(bomb[:len(bomb)/2], 64), size, "decompress to 8388608 bytes and more"},
		"many bombs":                {many, size, "decompress to 8388608 bytes and more"},
		"many places":               {bytes.Repeat(section(append([]byte("070701"), make([]byte, 300)...)), 70), size, "more than 64 places"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := initramfs.Locate([]initramfs.Segment{{Address: base, Data: test.data, Word: 8}}, test.limit)
			runtime.ReadMemStats(&after)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err)) {
				t.Errorf("%v, want %q", err, test.want)
			}
			// A growing buffer allocates up to 4 times what it ends with.
			if got := after.TotalAlloc - before.TotalAlloc; got > 10*size {
				t.Errorf("%d MiB allocated in all", got>>20)
			}
		})
	}
}

// More than padding behind a stream: the length is not that of an archive.
func TestStreamHasToEndWhereTheLengthSays(t *testing.T) {
	random := make([]byte, 1000)
	rand.NewChaCha8([32]byte{}).Read(random)
	d := gzipped(t, archive(t, map[string]string{"init": string(random)}))
	for more, good := range map[int]bool{0: true, 4: true, 8: false, 4096: false} {
		_, err := locate(section(append(bytes.Clone(d), make([]byte, more)...)))
		if (err == nil) != good {
			t.Errorf("%d bytes more: %v", more, err)
		}
	}
}
