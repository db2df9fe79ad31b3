package fat

import (
	"io/fs"
	"path"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
)

// maxStored is the largest file that a directory entry can tell of.
const maxStored = 1<<32 - 1

// checkTree refuses what a FAT cannot hold, and what would not come out as it
// went in.
func checkTree(t tree.Tree) error {
	seen := map[string]string{}
	for _, e := range t {
		if !e.Mode.IsDir() && (!e.Mode.IsRegular() || e.IsHardlink()) {
			return badinput.New("%s", e.Path).Got("a %s", kindOf(e)).Want("files and directories, all that a FAT holds")
		}
		if e.Size > maxStored {
			return badinput.New("%s", e.Path).Got("%d bytes", e.Size).Want("at most %d, all that a FAT holds", maxStored)
		}
		if e.Path == "." {
			continue
		}
		if err := CheckName(path.Base(e.Path)); err != nil {
			return err
		}
		// Whichever came second would silently replace the first.
		folded := strings.ToUpper(e.Path)
		if other, ok := seen[folded]; ok {
			return badinput.New("%q", e.Path).Got("%q beside it", other).Want("names that differ in more than case on a FAT")
		}
		seen[folded] = e.Path
	}
	return nil
}

func kindOf(e *tree.Entry) string {
	switch {
	case e.IsHardlink():
		return "hard link"
	case e.Mode&fs.ModeSymlink != 0:
		return "symlink"
	case e.Mode&fs.ModeDevice != 0:
		return "device"
	}
	return "special file"
}
