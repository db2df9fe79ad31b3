package busybox

import (
	"bytes"
	"fmt"
	"io"
	"path"

	"shimboot/tools/internal/tree"
)

// maxProgram bounds what is read of a file; a static busybox has 1 to 3 MB.
const maxProgram = 16 << 20

// Found is a busybox in a file tree.
type Found struct {
	Path    string   `json:"path"`
	Version string   `json:"version"`
	Applets []string `json:"applets"`
}

// Find looks for the busybox of an initramfs; nil where there is none. One
// that is called so goes before others, one with a list of applets before one
// without.
func Find(entries []*tree.Entry) (*Found, error) {
	var best *Found
	for _, e := range entries {
		if !e.Mode.IsRegular() || e.IsHardlink() || e.Size < int64(len(banner)) || e.Size > maxProgram {
			continue
		}
		d, err := program(e)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", e.Path, err)
		}
		version, applets := Applets(d)
		f := &Found{Path: e.Path, Version: version, Applets: applets}
		if version != "" && (best == nil || f.rank() > best.rank()) {
			best = f
		}
	}
	return best, nil
}

func (f *Found) rank() int {
	rank := 0
	if len(f.Applets) > 0 {
		rank += 2
	}
	if path.Base(f.Path) == "busybox" {
		rank++
	}
	return rank
}

// program is the content of an ELF file, nil for anything else.
func program(e *tree.Entry) ([]byte, error) {
	r, err := e.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	const elf = "\x7fELF"
	head := make([]byte, len(elf))
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	if string(head) != elf {
		return nil, nil
	}
	return io.ReadAll(io.MultiReader(bytes.NewReader(head), io.LimitReader(r, maxProgram)))
}
