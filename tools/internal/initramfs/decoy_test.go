package initramfs_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// filters make each format as Kbuild does, and none at all.
func filters() map[compress.Format]string {
	return map[compress.Format]string{
		compress.None:  "cat",
		compress.Gzip:  "gzip -n -9 -c",
		compress.Bzip2: "bzip2 -9 -c",
		compress.LZMA:  "xz --format=lzma -c",
		compress.XZ:    "xz --check=crc32 -c",
		compress.LZO:   "lzop -9 -c",
		compress.LZ4:   "lz4 -q -l -9 -c",
		compress.Zstd:  "zstd -19 -q -c",
	}
}

// standard is what Kbuild packs where it is given nothing
// (usr/default_cpio_list), padded to 512 bytes as usr/gen_init_cpio does.
func standard(t *testing.T) []byte {
	t.Helper()
	merged, err := tree.Merge([]*tree.Entry{
		{Path: "dev", Mode: fs.ModeDir | 0o755},
		{Path: "dev/console", Mode: fs.ModeDevice | fs.ModeCharDevice | 0o600, Major: 5, Minor: 1},
		{Path: "root", Mode: fs.ModeDir | 0o700},
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := cpio.Write(&b, merged); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), make([]byte, -b.Len()&511)...)
}

// gnuCpio packs a directory that the shell commands fill.
func gnuCpio(t *testing.T, format, commands string) []byte {
	t.Helper()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-c", `cd "$1" && `+commands+`
		find . -mindepth 1 | sort | cpio -o -H `+format+` --quiet >"$1.cpio"`, "sh", dir)
	return testenv.Read(t, dir+".cpio")
}

// The smallest archives there are, whatever they are compressed with.
func TestTinyArchives(t *testing.T) {
	one := gnuCpio(t, "newc", "mkdir d")[:236] // without cpio's padding to 512
	for format, filter := range filters() {
		for name, plain := range map[string][]byte{"Kbuild's own": standard(t), "one entry": one} {
			t.Run(fmt.Sprintf("%s, %s", name, format), func(t *testing.T) {
				packed := testenv.Compressed(t, filter, plain)
				found, err := locate([]byte("\x7fELF"), section(packed), []byte("more of a kernel"))
				if err != nil {
					t.Fatalf("%d bytes: %v", len(packed), err)
				}
				if found.Compression != format || found.Size != int64(len(packed)) || !bytes.Equal(found.Cpio, plain) {
					t.Errorf("%d bytes of %s at %d", found.Size, found.Compression, found.Offset)
				}
				if !found.Default() || found.HasInit() {
					t.Error("not taken for an archive with nothing to run")
				}
			})
		}
	}
}

// What else a kernel carries is compressed like an archive, but is none. Each
// thing comes once as Kbuild places it, and once with a length behind it.
func TestDecoys(t *testing.T) {
	headers := testenv.Compressed(t, "xz -c", testenv.Read(t, tarball(t)))
	config := gzipped(t, bytes.Repeat([]byte("CONFIG_IKCONFIG=y\n"), 5000))
	decoys := map[string][][]byte{
		"embedded configuration": {[]byte("IKCFG_ST"), config, []byte("IKCFG_ED")},
		"kernel headers":         {headers},
		"firmware":               {testenv.Compressed(t, "zstd -q -c", []byte("firmware of a device"))},
		"default archive":        {standard(t)},
		"archive without a word": {gnuCpio(t, "newc", "echo decoy >init")},
		"cut off archive":        {gnuCpio(t, "newc", "echo decoy >init")[:240]},
	}
	init := gnuCpio(t, "newc", "echo '#!/bin/sh' >init && mkdir dev bin && seq 500 >bin/busybox")
	for format, filter := range filters() {
		wanted := testenv.Compressed(t, filter, init)
		var parts [][]byte
		for name, decoy := range decoys {
			joined := bytes.Join(decoy, nil)
			parts = append(parts, joined)
			if name != "archive without a word" {
				parts = append(parts, section(joined), section(decoy[len(decoy)/2]))
			}
		}
		for _, at := range []int{0, len(parts) / 2, len(parts)} {
			mixed := append(append(append([][]byte{}, parts[:at]...), section(wanted)), parts[at:]...)
			found, err := locate(mixed...)
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			if !bytes.Equal(found.Cpio, init) || found.Compression != format {
				t.Errorf("%s: found %d bytes of %s", format, found.Size, found.Compression)
			}
		}
	}
}

// tarball is a small kheaders.tar.
func tarball(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-c", `mkdir -p "$1/include/linux" && seq 2000 >"$1/include/linux/fs.h" &&
		tar -C "$1" -cf "$1.tar" include`, "sh", dir)
	return dir + ".tar"
}

// Members with checksums, zeros between them, a later one replacing a file.
func TestConcatenatedMembers(t *testing.T) {
	joined := bytes.Join([][]byte{
		gnuCpio(t, "crc", "echo old >init && echo kept >first"),
		make([]byte, 1024),
		gnuCpio(t, "newc", "echo new >init && ln init linked"),
		make([]byte, 4),
	}, nil)
	for format, filter := range filters() {
		found, err := locate(section(testenv.Compressed(t, filter, joined)))
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		sizes := map[string]int64{}
		for _, e := range found.Entries {
			sizes[e.Path] = e.Size
		}
		if len(sizes) != 3 || sizes["first"] != int64(len("kept\n")) || sizes["init"]+sizes["linked"] != int64(len("new\n")) {
			t.Errorf("%s: %v", format, sizes)
		}
	}
}

// Segments that are all of the file would each be searched in full.
func TestManySegments(t *testing.T) {
	d := testenv.ELF(base, nil)
	d = append(d, bytes.Repeat(d[64:], 16)...)
	d[56] = 17
	for at := 64; at < len(d); at += 56 {
		d[at+8], d[at+32] = 0, 1 // a byte at the start of the file
	}
	if _, err := initramfs.ELFSegments(d); err == nil || !badinput.Is(err) || !strings.Contains(err.Error(), "more than 16 ELF segments") {
		t.Errorf("%v, want a limit", err)
	}
}
