package harvest

import (
	"io/fs"
	"path"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/listing"
)

// moduleTree is what is found below the directory of a release.
type moduleTree struct {
	from      *root
	dir, dest string // real path in the image, path in the output
	modules   []item
	seen      map[string]int // by dest, index in modules
	skipped   []report.Skipped
	conflicts []report.Conflict
	names     int
	paths     listing.Names
}

// walk lists the modules below dir/rel, sorted by path.
func (t *moduleTree) walk(rel string, depth int) error {
	list, err := t.from.readDir(path.Join(t.dir, rel))
	if err != nil {
		return err
	}
	if t.names += len(list); depth > maxDepth || t.names > maxNodes {
		return badinput.New("%s", t.from.name(path.Join(t.dir, rel))).Got("directories in a loop, or too many").
			Want("at most %d levels and %d names", maxDepth, maxNodes)
	}
	if err := t.paths.Enter(path.Join(t.dir, rel), len(list)); err != nil {
		return t.from.wrap(err)
	}
	for _, e := range list {
		if err := t.entry(path.Join(rel, e.Name()), e, depth); err != nil {
			return err
		}
	}
	return nil
}

func (t *moduleTree) entry(rel string, e fs.DirEntry, depth int) error {
	source := path.Join(t.dir, rel)
	if e.IsDir() {
		return t.walk(rel, depth+1)
	}
	if !strings.Contains(rel, "/") && strings.HasPrefix(rel, "modules.") {
		return nil // depmod's, or read by builtIn
	}
	dest, format, ok := moduleName(rel)
	if !ok {
		t.skip(source, "not a module")
		return nil
	}
	source, info, err := t.from.file(source, e)
	switch {
	case err != nil && dangles(err):
		t.skip(path.Join(t.dir, rel), "a link that leads nowhere")
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		t.skip(path.Join(t.dir, rel), "not a file")
		return nil
	}
	t.add(item{from: t.from, source: source, size: info.Size(), most: maxFile, format: format, dest: path.Join(t.dest, dest)})
	return nil
}

// add takes a module. Of x.ko and x.ko.gz it is the plain one, which is first.
func (t *moduleTree) add(it item) {
	if old, ok := t.seen[it.dest]; ok {
		t.conflicts = append(t.conflicts, report.Conflict{Path: it.dest, Kept: t.modules[old].file(), Dropped: it.file()})
		return
	}
	t.seen[it.dest] = len(t.modules)
	t.modules = append(t.modules, it)
}

func (t *moduleTree) skip(source, reason string) {
	t.skipped = append(t.skipped, t.from.skipped(source, reason))
}

// moduleName strips the suffix of a compression.
func moduleName(name string) (string, compress.Format, bool) {
	for suffix, f := range map[string]compress.Format{
		".ko": compress.None, ".ko.gz": compress.Gzip, ".ko.xz": compress.XZ, ".ko.zst": compress.Zstd,
	} {
		if base, ok := strings.CutSuffix(name, suffix); ok && path.Base(name) != suffix {
			return base + ".ko", f, true
		}
	}
	return "", "", false
}
