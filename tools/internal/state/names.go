package state

import (
	"context"
	"fmt"
	"path"
	"strings"

	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/mtools"
)

// unusedName is a name that nothing in a directory has.
func unusedName(fsys *fat.FS, dir string) (string, error) {
	have, err := names(fsys)
	if err != nil {
		return "", err
	}
	for i := 0; ; i++ {
		name := path.Join(dir, fmt.Sprintf("PUT%05d.TMP", i))
		if _, used := have[strings.ToUpper(name)]; !used {
			return name, nil
		}
	}
}

// names are the paths in capitals, with whether each is a directory.
func names(fsys *fat.FS) (map[string]bool, error) {
	list, err := fsys.List()
	have := map[string]bool{".": true}
	for _, f := range list {
		have[strings.ToUpper(f.Path)] = f.Dir
	}
	return have, err
}

// makeParents makes the directories on the way to name.
func makeParents(ctx context.Context, m *mtools.Volume, fsys *fat.FS, name string) error {
	have, err := names(fsys)
	if err != nil {
		return err
	}
	var make func(dir string) error
	make = func(dir string) error {
		if have[strings.ToUpper(dir)] {
			return nil
		}
		if err := make(path.Dir(dir)); err != nil {
			return err
		}
		return m.Mkdir(ctx, dir)
	}
	return make(path.Dir(name))
}
