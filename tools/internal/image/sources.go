package image

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
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

func (s *sources) read(src *Source) ([]*tree.Entry, error) {
	var fields []func() ([]*tree.Entry, error)
	add := func(given bool, read func() ([]*tree.Entry, error)) {
		if given {
			fields = append(fields, read)
		}
	}
	add(src.Cpio != "", func() ([]*tree.Entry, error) {
		return s.archive(src.Cpio, func(f *os.File, size int64) ([]*tree.Entry, error) { return cpio.Read(f, size) })
	})
	add(src.Tar != "", func() ([]*tree.Entry, error) {
		return s.archive(src.Tar, func(f *os.File, size int64) ([]*tree.Entry, error) { return tartree.Read(f, size) })
	})
	add(src.Directory != "", func() ([]*tree.Entry, error) {
		return dirtree.Read(src.Directory, dirtree.Options{Time: s.time, Prefix: path.Clean("./" + src.At)})
	})
	add(src.Closure != nil, func() ([]*tree.Entry, error) { return closure.Read(*src.Closure) })
	add(src.Links != nil, func() ([]*tree.Entry, error) { return s.links(src.Links), nil })
	add(src.Directories != nil, func() ([]*tree.Entry, error) { return s.directories(src.Directories) })
	add(src.Devices != nil, func() ([]*tree.Entry, error) { return s.devices(src.Devices) })
	if len(fields) != 1 {
		return nil, badinput.New("source").Got("%d kinds in one", len(fields)).
			Want("one of cpio, tar, directory, closure, links, directories, devices")
	}
	return fields[0]()
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
