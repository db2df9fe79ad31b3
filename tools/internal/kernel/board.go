package kernel

import (
	"fmt"
	"io"
	"regexp"

	"shimboot/tools/internal/tree"
)

const (
	// lsbRelease is where ChromeOS says what it was built for. Many an
	// initramfs goes without, and leaves it to ROOT-A.
	lsbRelease    = "etc/lsb-release"
	maxLsbRelease = 64 << 10
)

// board is the name that the initramfs gives its board, "" where it gives none.
func board(entries []*tree.Entry) (string, error) {
	e := entry(entries, lsbRelease)
	if e != nil && e.IsHardlink() {
		e = entry(entries, e.Link)
	}
	if e == nil || e.Open == nil || e.Size > maxLsbRelease {
		return "", nil
	}
	r, err := e.Open()
	if err != nil {
		return "", fmt.Errorf("%s: %w", e.Path, err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("%s: %w", e.Path, err)
	}
	m := regexp.MustCompile(`(?m)^CHROMEOS_RELEASE_BOARD=(\S+)\s*$`).FindSubmatch(text)
	if m == nil {
		return "", nil
	}
	return string(m[1]), nil
}

func entry(entries []*tree.Entry, path string) *tree.Entry {
	for _, e := range entries {
		if e.Path == path {
			return e
		}
	}
	return nil
}
