package image

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/closure"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/dirtree"
	"shimboot/tools/internal/tartree"
	"shimboot/tools/internal/tree"
)

// sources opens what trees are made of and keeps it open until Close.
type sources struct {
	time  time.Time
	files []*os.File
}

func (s *sources) Close() error {
	var first error
	for _, f := range s.files {
		if err := f.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// tree merges the sources of a file system.
func (s *sources) tree(list []Source) (tree.Tree, error) {
	layers := make([][]*tree.Entry, 0, len(list))
	for i := range list {
		layer, err := s.read(&list[i])
		if err != nil {
			return nil, err
		}
		layers = append(layers, layer)
	}
	t, err := tree.Merge(layers...)
	if err != nil {
		return nil, badinput.New("merging the sources").Got("%v", err)
	}
	return t, nil
}

// read reads a source, which is exactly one of its fields.
func (s *sources) read(src *Source) ([]*tree.Entry, error) {
	var kinds []string
	var read func() ([]*tree.Entry, error)
	add := func(kind string, given bool, f func() ([]*tree.Entry, error)) {
		if given {
			kinds, read = append(kinds, kind), f
		}
	}
	add("cpio", src.Cpio != "", func() ([]*tree.Entry, error) {
		return s.archive(src.Cpio, func(f *os.File, size int64) ([]*tree.Entry, error) { return cpio.Read(f, size) })
	})
	add("tar", src.Tar != "", func() ([]*tree.Entry, error) {
		return s.archive(src.Tar, func(f *os.File, size int64) ([]*tree.Entry, error) { return tartree.Read(f, size) })
	})
	add("directory", src.Directory != "", func() ([]*tree.Entry, error) {
		return dirtree.Read(src.Directory, dirtree.Options{Time: s.time, Prefix: path.Clean("./" + src.At)})
	})
	add("closure", src.Closure != nil, func() ([]*tree.Entry, error) { return closure.Read(*src.Closure) })
	add("links", src.Links != nil, func() ([]*tree.Entry, error) { return s.links(src.Links), nil })
	add("directories", src.Directories != nil, func() ([]*tree.Entry, error) { return s.directories(src.Directories) })
	add("devices", src.Devices != nil, func() ([]*tree.Entry, error) { return s.devices(src.Devices) })
	if err := checkKinds(kinds, src.At); err != nil {
		return nil, err
	}
	return read()
}

func checkKinds(kinds []string, at string) error {
	found := strings.Join(kinds, " and ")
	if found == "" {
		found = "none"
	}
	if len(kinds) != 1 {
		return badinput.New("source").Got("%s", found).
			Want("one of cpio, tar, directory, closure, links, directories, devices")
	}
	if at != "" && found != "directory" {
		return badinput.New("source").Got("at %q on %s", at, found).Want("at on a directory only")
	}
	return nil
}

func (s *sources) archive(name string, read func(*os.File, int64) ([]*tree.Entry, error)) ([]*tree.Entry, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	s.files = append(s.files, f)
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	entries, err := read(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return entries, nil
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
