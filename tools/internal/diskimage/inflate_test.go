package diskimage_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/testenv"
)

// A zip is inflated once, into the work directory, to a file that has holes
// and no name, and that is gone when the image is closed.
func TestInflatedOnceSparseAndWithoutAName(t *testing.T) {
	const size, at = 200 << 20, 10 << 20
	what := bytes.Repeat([]byte("something"), 1000)
	zip := testenv.Write(t, "recovery.bin.zip", sparseZip(t, size, at, what))
	work := t.TempDir()
	var done []int64
	img, err := diskimage.Open(context.Background(), zip, diskimage.Options{WorkDir: work, Progress: func(n, total int64) {
		done = append(done, n)
		if len(done) > 1 && n <= done[len(done)-2] || total != size {
			t.Errorf("%d of %d bytes after %v", n, total, done)
		}
		if len(inflated(t, work)) != 1 {
			t.Error("not in the work directory")
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(done) < 10 || done[len(done)-1] != size {
		t.Errorf("progress: %v", done)
	}
	files := inflated(t, work)
	if len(files) != 1 || files[0] > 1<<20 {
		t.Errorf("bytes on the disk: %v, want some KiB of one file", files)
	}
	got := make([]byte, len(what))
	for range 2 {
		if _, err := img.ReadAt(got, at); err != nil || !bytes.Equal(got, what) {
			t.Errorf("content: %v", err)
		}
	}
	if left, _ := os.ReadDir(work); len(left) > 0 || done[len(done)-1] != size {
		t.Errorf("names %v, progress %v", left, done)
	}
	if err := img.Close(); err != nil || len(inflated(t, work)) != 0 {
		t.Errorf("%v; still there: %v", err, inflated(t, work))
	}
}

// inflated gives what files without a name in a directory, which this process
// has open, take on the disk.
func inflated(t *testing.T, dir string) (used []int64) {
	t.Helper()
	files, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		target, err := os.Readlink(f)
		if err != nil || !strings.HasPrefix(target, dir+"/") || !strings.HasSuffix(target, " (deleted)") {
			continue
		}
		var stat unix.Stat_t
		if err := unix.Stat(f, &stat); err != nil {
			t.Fatal(err)
		}
		used = append(used, stat.Blocks*512)
	}
	return used
}
