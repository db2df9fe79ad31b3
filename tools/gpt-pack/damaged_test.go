package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// packed gives an image as it is downloaded, by kind.
func packed(t *testing.T, img string) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-euc", `cd "$0"; zip -q1j image.zip "$1"; zstd -q -1 "$1" -o image.zst`, dir, img)
	return map[string][]byte{
		"raw": testenv.Read(t, img),
		"zip": testenv.Read(t, filepath.Join(dir, "image.zip")),
		"zst": testenv.Read(t, filepath.Join(dir, "image.zst")),
	}
}

// A download that broke off, or has a wrong bit, leaves a stick as it was.
func TestBrokenDownloads(t *testing.T) {
	_, img := built(t)
	disk := stick(t, img)
	before := testenv.Read(t, disk)
	flip := func(d []byte, at int) []byte {
		d = bytes.Clone(d)
		d[at] ^= 4
		return d
	}
	for kind, d := range packed(t, img) {
		broken := map[string][]byte{
			"without its last byte": d[:len(d)-1], "half": d[:len(d)/2], "its start": d[:30000], "nothing": nil,
		}
		if kind == "raw" { // which has no checksum but the table's
			broken["a bit of the table"] = flip(d, 1100)
		} else {
			broken["a bit in the middle"], broken["a bit near the end"] = flip(d, len(d)/2), flip(d, len(d)-60)
		}
		for name, d := range broken {
			for _, flags := range [][]string{{}, {"--check"}} {
				args := append(append([]string{"flash"}, flags...), testenv.Write(t, "download", d), disk)
				code, _, stderr := run(t, args...)
				if code != command.ExitInput || strings.Contains(stderr, "Writing") {
					t.Errorf("%s, %s: exit %d, %s", kind, name, code, stderr)
				}
				if !bytes.Equal(testenv.Read(t, disk), before) {
					t.Fatalf("%s, %s: the stick changed", kind, name)
				}
			}
		}
	}
}

// A large file is read twice only where that is asked for.
func TestCheckOfALargeFile(t *testing.T) {
	_, img := built(t)
	d := packed(t, img)["zst"]
	d[len(d)/2] ^= 4
	// A frame to be skipped makes it large.
	large := testenv.Write(t, "large.zst", append(d, "\x50\x2a\x4d\x18\x00\x00\x00\x10"...))
	if err := os.Truncate(large, int64(len(d))+8+256<<20); err != nil {
		t.Fatal(err)
	}
	disk := stick(t, img)
	before := testenv.Read(t, disk)
	code, _, stderr := run(t, "flash", "--check", large, disk)
	if code != command.ExitInput || !strings.Contains(stderr, "nothing was written") || !bytes.Equal(testenv.Read(t, disk), before) {
		t.Errorf("--check: exit %d, %s", code, stderr)
	}
	code, _, stderr = run(t, "flash", large, disk)
	if code != command.ExitInput || !strings.Contains(stderr, "has no partition table now and boots nothing") {
		t.Errorf("without: exit %d, %s", code, stderr)
	}
}
