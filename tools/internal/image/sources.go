package image

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/closure"
	"shimboot/tools/internal/dirtree"
	"shimboot/tools/internal/tree"
)

// tree merges the sources of a small file system.
func (s *sources) tree(list []Source) (tree.Tree, error) {
	t, err := s.packed(list)
	if err != nil {
		return nil, err
	}
	if err := t.Finish(); err != nil {
		return nil, badinput.New("merging the sources").Got("%v", err)
	}
	return t.Tree(), nil
}

// packed merges the sources of a file system of any size; it is not finished.
func (s *sources) packed(list []Source) (*tree.Packed, error) {
	t := tree.NewPacked()
	for i := range list {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		if err := s.add(t, &list[i]); err != nil {
			var bad *tree.Error
			if errors.As(err, &bad) {
				err = badinput.New("merging the sources").Got("%v", err)
			}
			return nil, err
		}
	}
	return t, nil
}

// add lays a source, which is exactly one of its fields, over a tree.
func (s *sources) add(t *tree.Packed, src *Source) error {
	var kinds []string
	var read func() error
	add := func(kind string, given bool, f func() error) {
		if given {
			kinds, read = append(kinds, kind), f
		}
	}
	list := func(entries []*tree.Entry, err error) error {
		if err != nil {
			return err
		}
		return t.AddAll(entries)
	}
	add("cpio", src.Cpio != "", func() error { return s.cpio(t, src.Cpio) })
	add("tar", src.Tar != "", func() error { return s.tar(t, src.Tar) })
	add("directory", src.Directory != "", func() error {
		if info, err := os.Stat(src.Directory); err == nil && !info.IsDir() {
			return badinput.New("%s", src.Directory).Got("no directory").Want("one")
		}
		return dirtree.Add(t, src.Directory, dirtree.Options{
			Time: s.time, Prefix: path.Clean("./" + src.At), Holes: src.Holes, KeepOwners: src.KeepOwners,
		})
	})
	add("closure", src.Closure != nil, func() error { return closure.Add(t, *src.Closure) })
	add("links", src.Links != nil, func() error { return list(s.links(src.Links), nil) })
	add("directories", src.Directories != nil, func() error { return list(s.directories(src.Directories)) })
	add("devices", src.Devices != nil, func() error { return list(s.devices(src.Devices)) })
	if err := checkKinds(kinds, src); err != nil {
		return err
	}
	return read()
}

func checkKinds(kinds []string, src *Source) error {
	found := strings.Join(kinds, " and ")
	if found == "" {
		found = "none"
	}
	if len(kinds) != 1 {
		return badinput.New("source").Got("%s", found).
			Want("one of cpio, tar, directory, closure, links, directories, devices")
	}
	if found == "directory" {
		return nil
	}
	if src.At != "" {
		return badinput.New("source").Got("at %q on %s", src.At, found).Want("at on a directory only")
	}
	if src.Holes {
		return badinput.New("source").Got("holes on %s", found).Want("holes on a directory only")
	}
	if src.KeepOwners {
		return badinput.New("source").Got("keepOwners on %s", found).Want("keepOwners on a directory only")
	}
	return nil
}

func (s *sources) links(m map[string]string) []*tree.Entry {
	var list []*tree.Entry
	for name, target := range m {
		list = append(list, &tree.Entry{Path: path.Clean(name), Target: target, Mode: fs.ModeSymlink | 0o777, ModTime: s.time})
	}
	return list
}

func (s *sources) directories(m map[string]string) ([]*tree.Entry, error) {
	var list []*tree.Entry
	for name, octal := range m {
		n, err := strconv.ParseUint(octal, 8, 12)
		if err != nil {
			return nil, badinput.New("mode of directory %s", name).Got("%q", octal).Want(`an octal mode such as "0755"`)
		}
		mode := fs.ModeDir | fs.FileMode(n&0o777)
		if n&0o1000 != 0 {
			mode |= fs.ModeSticky
		}
		list = append(list, &tree.Entry{Path: path.Clean(name), Mode: mode, ModTime: s.time})
	}
	return list, nil
}

// devices reads "c 5 1 0600": type, major and minor number, octal mode.
func (s *sources) devices(m map[string]string) ([]*tree.Entry, error) {
	var list []*tree.Entry
	for name, text := range m {
		var kind string
		var major, minor, mode uint32
		n, err := fmt.Sscanf(text, "%s %d %d %o", &kind, &major, &minor, &mode)
		if n != 4 || err != nil || (kind != "c" && kind != "b") || mode > 0o777 {
			return nil, badinput.New("device %s", name).Got("%q", text).Want(`type, numbers and mode such as "c 5 1 0600"`)
		}
		e := &tree.Entry{
			Path: path.Clean(name), Mode: fs.ModeDevice | fs.FileMode(mode),
			Major: major, Minor: minor, ModTime: s.time,
		}
		if kind == "c" {
			e.Mode |= fs.ModeCharDevice
		}
		list = append(list, e)
	}
	return list, nil
}
