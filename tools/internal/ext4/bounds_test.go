package ext4_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/listing"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/testenv/hostile"
)

// Directories in each other, whose paths take a thousand times the image, end
// where a path is longer than Linux takes; what is above can be read.
func TestDeepDirectories(t *testing.T) {
	d := hostile.ExtDeep("lib")
	fsys, err := ext4.Open(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	longest := 0
	testenv.Bounded(t, 0, func() {
		err = fs.WalkDir(fsys, ".", func(name string, _ fs.DirEntry, err error) error {
			longest = max(longest, len(name))
			return err
		})
	})
	if !badinput.Is(err) || !strings.Contains(err.Error(), "want at most 4096") {
		t.Errorf("%v, want that a path is too long", err)
	}
	if longest < listing.MaxPath-256 || longest > listing.MaxPath {
		t.Errorf("the longest path has %d bytes", longest)
	}
	if _, err := fsys.Stat(strings.Repeat("d/", listing.MaxPath)); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a path that is too long: %v", err)
	}
}
