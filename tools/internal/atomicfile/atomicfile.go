// Package atomicfile writes a file or a directory that appears whole or not at
// all: it is made beside its place, under a name that begins with a dot, and
// renamed in the end. Whatever goes wrong before that leaves nothing.
//
//	err := atomicfile.Write("shimboot.img", func(f *os.File) error { … })
//	err := atomicfile.WriteDir("drivers", func(dir string) error { … })
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
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
	tmp, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(tmp))
		}
	}()
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	if err := write(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// Write does the same for a file; an existing one is replaced, but nothing
// else that may stand there, which is an *OccupiedError.
func Write(path string, write func(f *os.File) error) (err error) {
	path = filepath.Clean(path)
	if err := replaceable(path); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".part-")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(f), f.Chmod(0o644)); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// replaceable refuses what a file must not take the place of: under /dev it
// would be taken for the device.
func replaceable(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return &OccupiedError{path, info.Mode(), false}
	}
	return nil
}
