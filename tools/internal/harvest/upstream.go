package harvest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"shimboot/tools/internal/harvest/report"
)

// whence lists linux-firmware's files and where they come from; its links are
// nowhere else before they are installed.
const whence = "WHENCE"

// upstreamNames gives the sorted names in a tree of linux-firmware, as it is
// in its repository or installed.
func upstreamNames(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && name != "." && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case !e.IsDir():
			names = append(names, strings.TrimSuffix(strings.TrimSuffix(name, ".xz"), ".zst"))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("linux-firmware: %w", err)
	}
	links, err := whenceLinks(fsys)
	names = append(names, links...)
	slices.Sort(names)
	return names, err
}

// whenceLinks gives the names in lines "Link: NAME -> TARGET"; names with
// blanks are quoted there.
func whenceLinks(fsys fs.FS) (names []string, err error) {
	f, err := fsys.Open(whence)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("linux-firmware: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return nil, fmt.Errorf("linux-firmware: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, "Link:")
		name, _, arrow := strings.Cut(rest, "->")
		if ok && arrow {
			names = append(names, strings.NewReplacer(`"`, "", `\ `, " ").Replace(strings.TrimSpace(name)))
		}
	}
	return names, nil
}

// findUpstream says of missing firmware whether linux-firmware has it.
func findUpstream(missing []report.Missing, names []string) {
	for i, m := range missing {
		if _, ok := slices.BinarySearch(names, path.Clean(m.Name)); ok {
			missing[i].Upstream = path.Clean(m.Name)
			continue
		}
		if !hasMeta(m.Name) {
			continue
		}
		for _, name := range names {
			if matchGlob(m.Name, name) {
				missing[i].Upstream = m.Name
				break
			}
		}
	}
}
