package harvest

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"shimboot/tools/internal/harvest/report"
)

// modprobeDir is where the output has the options of modules.
const modprobeDir = "lib/modprobe.d"

// modprobe gathers the modprobe.d files of the images. As for modprobe itself,
// of two files of one name that in /etc counts, and only *.conf are looked at.
func (h *harvester) modprobe(ctx context.Context) error {
	kept := map[string]report.File{}
	for _, from := range h.roots {
		for _, dir := range []string{"etc/modprobe.d", modprobeDir} {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := h.modprobeFrom(from, dir, kept); err != nil {
				return err
			}
		}
	}
	for _, f := range kept {
		h.report.Modprobe = append(h.report.Modprobe, f)
	}
	return nil
}

func (h *harvester) modprobeFrom(from *root, dir string, kept map[string]report.File) error {
	real, info, err := from.realpath(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil
	}
	if err != nil {
		return err
	}
	list, err := from.readDir(real)
	if err != nil {
		return err
	}
	for _, e := range list {
		name := path.Join(real, e.Name())
		if !strings.HasSuffix(name, ".conf") {
			h.report.Skipped = append(h.report.Skipped, from.skipped(name, "not a .conf"))
			continue
		}
		data, source, ok, err := h.modprobeFile(from, name, e)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := h.keepModprobe(from, e.Name(), source, data, kept); err != nil {
			return err
		}
	}
	return nil
}

// modprobeFile reads one. A link to /dev/null is how an administrator puts a
// file of the same name in /lib out of force; the image need not have the node.
func (h *harvester) modprobeFile(from *root, name string, e fs.DirEntry) (data []byte, source string, ok bool, err error) {
	if e.Type() == fs.ModeSymlink {
		target, err := from.fsys.ReadLink(name)
		if err != nil {
			return nil, "", false, from.wrap(err)
		}
		if target == devNull {
			return nil, name, true, nil
		}
	}
	source, info, err := from.file(name, e)
	switch {
	case err != nil && dangles(err):
		target, err := from.fsys.ReadLink(name)
		h.report.Dangling = append(h.report.Dangling, report.Dangling{Path: path.Join(modprobeDir, e.Name()), Origin: from.origin, Target: target})
		return nil, "", false, from.wrap(err)
	case err != nil:
		return nil, "", false, err
	case !info.Mode().IsRegular():
		h.report.Skipped = append(h.report.Skipped, from.skipped(name, "not a file"))
		return nil, "", false, nil
	}
	data, err = from.readText(source)
	return data, source, true, err
}

// keepModprobe writes a file unless one of its name is there.
func (h *harvester) keepModprobe(from *root, name, source string, data []byte, kept map[string]report.File) error {
	f := report.File{
		Path: path.Join(modprobeDir, name), Origin: from.origin, Source: "/" + source, Size: int64(len(data)), SHA256: hashOf(data),
	}
	if old, ok := kept[name]; ok {
		if old.SHA256 != f.SHA256 {
			h.report.Conflicts = append(h.report.Conflicts, report.Conflict{Path: f.Path, Kept: old, Dropped: f})
		}
		return nil
	}
	kept[name] = f
	return h.out.write(f.Path, data)
}
