package image

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
)

// vfat makes a FAT with mkfs.fat and mtools, in place in the image; the
// programs have to be on PATH. What they would fail at is refused here, before
// anything is written.
func (p *Plan) vfat(fsys *Filesystem) (*payload, error) {
	if err := checkFATLabel(fsys.Label); err != nil {
		return nil, err
	}
	if fsys.LinkIdentical {
		return nil, badinput.New("vfat").Got("linkIdentical").Want("no such thing; a FAT has no hard links")
	}
	if fsys.Reserved != "" {
		return nil, badinput.New("vfat").Got("reserved").Want("no such thing; a FAT has no owners")
	}
	t, err := p.sources.tree(fsys.Sources)
	if err != nil {
		return nil, err
	}
	if err := checkFATTree(t); err != nil {
		return nil, err
	}
	need := fatNeeds(t)
	if err := need.check(); err != nil {
		return nil, err
	}
	c := &payload{kind: "vfat", least: need.least(), bytes: fileBytes(t)}
	c.place = func(start, size int64) (int64, error) {
		c.write = func(ctx context.Context, out *output) error {
			v := &mtools{ctx: ctx, image: out.Name(), start: start, size: size}
			return v.make(t, fsys.Label, p.sources.time.Unix())
		}
		return need.free(size)
	}
	return c, nil
}

// fatLabelSigns are the characters of a label besides capitals and digits:
// those of a short name, and the blank.
const fatLabelSigns = " !#$%&'()-@^_`{}~"

// checkFATLabel keeps to what every reader shows as it stands. No label is
// mkfs.fat's "NO NAME".
func checkFATLabel(label string) error {
	other := func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(fatLabelSigns, r)
	}
	if len(label) > 11 || strings.ContainsFunc(label, other) || strings.TrimSpace(label) != label {
		return badinput.New("vfat label").Got("%q", label).Want("at most 11 of A to Z, 0 to 9 and %s", strings.TrimSpace(fatLabelSigns))
	}
	return nil
}

// maxFATFile is the largest file that a directory entry can tell of.
const maxFATFile = 1<<32 - 1

func checkFATTree(t tree.Tree) error {
	seen := map[string]string{}
	for _, e := range t {
		if !e.Mode.IsDir() && (!e.Mode.IsRegular() || e.IsHardlink()) {
			return badinput.New("%s", e.Path).Got("a %s", kindOf(e)).Want("files and directories, all that a FAT holds")
		}
		if e.Size > maxFATFile {
			return badinput.New("%s", e.Path).Got("%d bytes", e.Size).Want("at most %d, all that a FAT holds", maxFATFile)
		}
		if e.Path == "." {
			continue
		}
		if err := checkFATName(path.Base(e.Path)); err != nil {
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

// checkFATName refuses what mtools would change, take for a pattern or a
// drive, or ask about.
func checkFATName(name string) error {
	bad := func(r rune) bool {
		return unicode.IsControl(r) || r > 0xffff || strings.ContainsRune(`"*/:<>?\|`, r)
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, bad) || len(utf16.Encode([]rune(name))) > 255 ||
		strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || isDOSDevice(name) {
		return badinput.New("file name").Got("%q", name).Want("one that a FAT can hold")
	}
	return nil
}

func isDOSDevice(name string) bool {
	name = strings.ToUpper(name)
	switch name {
	case "CON", "AUX", "PRN", "NUL", "CLOCK$":
		return true
	}
	return len(name) == 4 && (strings.HasPrefix(name, "COM") || strings.HasPrefix(name, "LPT")) && name[3] >= '0' && name[3] <= '9'
}
