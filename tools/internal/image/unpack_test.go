package image

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/testenv/hostile"
)

// planned plans one ext4 of an archive in a directory.
func planned(t *testing.T, dir, size string, o Options) (*Plan, error) {
	t.Helper()
	s, err := ReadSpec(strings.NewReader(`{"schemaVersion": 1, "seed": "s", "partitions": [{"name": "p", "type": "linux-data",
		"size": "`+size+`", "content": {"ext4": {"sources": [{"tar": "tar"}]}}}]}`), dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(t.Context(), s, o)
	if err == nil {
		t.Cleanup(func() { p.Close() })
	}
	return p, err
}

// An archive is unpacked to no more than its partition, or than is allowed.
func TestUnpackingIsBounded(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	if err := os.WriteFile(filepath.Join(dir, "tar"), hostile.TarOf(t, 'x', 1024), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := planned(t, dir, "16MiB", Options{Time: time.Unix(1, 0)})
	if !badinput.Is(err) || !strings.Contains(err.Error(), "more than 16777216 bytes, unpacked") {
		t.Errorf("a fixed size: %v", err)
	}
	var large *compress.LimitError
	if _, err := planned(t, dir, "content", Options{Time: time.Unix(1, 0), MaxSize: 8 << 20}); !errors.As(err, &large) {
		t.Errorf("a size by the content: %v, want a limit that may be raised", err)
	}
}

// Zeros of an archive take no room while it is unpacked.
func TestUnpackingIsSparse(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	if err := os.WriteFile(filepath.Join(dir, "tar"), hostile.TarOf(t, 0, 512), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := planned(t, dir, "content", Options{Time: time.Unix(1, 0)})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.sources.files {
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		if stat := info.Sys().(*syscall.Stat_t); f.was == nil && (stat.Blocks*512 > 1<<20 || info.Size() < 512<<20) {
			t.Errorf("%d bytes take %d", info.Size(), stat.Blocks*512)
		}
	}
}
