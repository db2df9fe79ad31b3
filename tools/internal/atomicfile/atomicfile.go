// Package atomicfile writes a file or a directory that appears whole or not at
// all: it is made beside its place, under a name that begins with a dot, and
// renamed in the end. Whatever goes wrong before that leaves nothing.
//
//	err := atomicfile.Write("shimboot.img", func(f *os.File) error { … })
//	err := atomicfile.WritePrivate("wifi.json", func(f *os.File) error { … })
//	err := atomicfile.WriteDir("drivers", func(dir string) error { … })
//
// What is new gets the mode that the kernel gives it, by umask and the
// directory's default ACL. A file that takes another's place has its mode, its
// ACL and, as far as the process may give files away, its owner and group; but
// nothing of a stranger's in a sticky directory. Nobody can read it before that
// who cannot afterwards.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// OccupiedError is something at the output's place that is not replaced.
type OccupiedError struct {
	Path   string
	Mode   fs.FileMode // what it is; of a link, what it leads to
	ForDir bool        // a directory was to be made there, which replaces nothing
}

func (e *OccupiedError) Error() string {
	switch {
	case e.ForDir:
		return fmt.Sprintf("%s is there already", e.Path)
	case e.Mode.IsDir():
		return fmt.Sprintf("%s is a directory", e.Path)
	case e.Mode&fs.ModeDevice != 0:
		return fmt.Sprintf("%s is a device", e.Path)
	}
	return fmt.Sprintf("%s is there already and no regular file", e.Path)
}

// WriteDir fills a directory: write gets a fresh one beside path, which is
// renamed when write succeeds and removed when it does not. A path that exists
// is an *OccupiedError.
func WriteDir(path string, write func(dir string) error) (err error) {
	path = filepath.Clean(path)
	if info, err := os.Lstat(path); err == nil {
		return &OccupiedError{path, info.Mode(), true}
	}
	tmp, err := beside(path, func(name string) error { return os.Mkdir(name, 0o777) })
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(tmp))
		}
	}()
	if err := write(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// Write does the same for a file; an existing one is replaced, but nothing
// else that may stand there, which is an *OccupiedError.
func Write(path string, write func(f *os.File) error) error { return replace(path, 0o666, write) }

// WritePrivate is Write for what may hold a secret: the file is its owner's
// alone to read, also in place of one that was not.
func WritePrivate(path string, write func(f *os.File) error) error {
	return replace(path, 0o600, write)
}

func replace(path string, most fs.FileMode, write func(f *os.File) error) (err error) {
	path = filepath.Clean(path)
	old, err := replaceable(path)
	if err != nil {
		return err
	}
	mode := most
	if old != nil {
		mode = 0o600 // until it is whole
	}
	var f *os.File
	tmp, err := beside(path, func(name string) (err error) {
		f, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		return err
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(tmp))
		}
	}()
	if err = write(f); err == nil && old != nil {
		err = inherit(f, path, old, most)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// beside has create make something under a name that nothing has yet.
func beside(path string, create func(name string) error) (name string, err error) {
	for range 10000 {
		name = filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.part-%d", filepath.Base(path), rand.Uint32()))
		if err = create(name); !errors.Is(err, fs.ErrExist) {
			return name, err
		}
	}
	return "", err
}

// replaceable gives the file whose place is to be taken, nil where there is
// none or a stranger's. It refuses what a file must not take the place of: under /dev it would
// be taken for the device.
func replaceable(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &OccupiedError{path, info.Mode(), false}
	}
	if strange, err := stranger(path, info); strange || err != nil {
		return nil, err
	}
	return info, nil
}
