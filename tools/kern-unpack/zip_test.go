package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// A zip is inflated up to the end of the blob, in memory: there is no place
// for scratch files.
func TestZipIsStreamed(t *testing.T) {
	blob := testenv.VbootData(t, "rec_kernel_part.bin")
	img := disk(t, blob)
	const size = 200 << 20
	if err := os.Truncate(img, size); err != nil {
		t.Fatal(err)
	}
	packed := zipped(t, img)
	dir := t.TempDir()
	t.Setenv("TMPDIR", "/nonexistent")
	code, _, stderr := run(t, "extract", "-v", "--out", filepath.Join(dir, "out"), packed)
	m := regexp.MustCompile(`zip +(\d+) of 209715200 bytes inflated`).FindStringSubmatch(stderr)
	if code != 0 || m == nil {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	if n, _ := strconv.Atoi(m[1]); n < 8<<20 || n > 60<<20 {
		t.Errorf("%d bytes inflated", n)
	}
	if !bytes.Equal(testenv.Read(t, filepath.Join(dir, "out/kernel.bin")), testenv.Read(t, blob)) {
		t.Error("kernel.bin is not the blob")
	}
	if code, out, stderr := run(t, "verify", packed); code != 0 {
		t.Errorf("verify: %s%s", out, stderr)
	}
	// Partition 4 stands first and is empty.
	code, _, stderr = run(t, "info", "--part", "4", packed)
	if code != command.ExitInput || !strings.Contains(stderr, "partition 4 (KERN-B): keyblock magic at offset 0") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// Without the primary table there is no way but to inflate everything.
func TestZipOfADamagedDiskIsInflated(t *testing.T) {
	d := testenv.Read(t, disk(t, testenv.VbootData(t, "rec_kernel_part.bin")))
	clear(d[512:1024])
	packed := zipped(t, testenv.Write(t, "damaged.bin", d))
	code, stdout, stderr := run(t, "info", "-v", packed)
	if code != 0 || !strings.Contains(stdout, "partition 2 (KERN-A)") || !strings.Contains(stderr, "the backup was used") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	for _, want := range []string{"all of it is inflated, for the backup at its end", "zip        33554432 of 33554432 bytes inflated"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q lacks %q", stderr, want)
		}
	}
	clear(d[len(d)-512:])
	code, _, stderr = run(t, "info", zipped(t, testenv.Write(t, "lost.bin", d)))
	if code != command.ExitInput || !strings.Contains(stderr, "GPT at offset 512") {
		t.Errorf("no table at all: exit %d, %s", code, stderr)
	}
}

// A bare blob in a zip is as good as a disk.
func TestZippedBlob(t *testing.T) {
	blob := testenv.VbootData(t, "rec_kernel_part.bin")
	if code, out, stderr := run(t, "verify", zipped(t, blob)); code != 0 {
		t.Errorf("%s%s", out, stderr)
	}
}
