package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// OutputDir fills a directory so that it appears whole or not at all: write
// gets a fresh directory beside path, which is renamed when write succeeds
// and removed when it does not. A path that exists is an error.
func OutputDir(path string, write func(dir string) error) (err error) {
	path = filepath.Clean(path)
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already; remove it or choose another --out", path)
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

// OutputFile does the same for a file; an existing one is replaced, but
// nothing else that may stand there.
func OutputFile(path string, write func(f *os.File) error) (err error) {
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
	case info.IsDir():
		return fmt.Errorf("%s is a directory", path)
	case info.Mode()&fs.ModeDevice != 0:
		return fmt.Errorf("%s is a device; gpt-pack flash writes to disks", path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is there already and no regular file", path)
	}
	return nil
}

// Writer fails as soon as ctx has ended: what makes a long copy stop.
func Writer(ctx context.Context, w io.Writer) io.Writer { return &writer{ctx, w} }

type writer struct {
	ctx context.Context
	w   io.Writer
}

func (w *writer) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}
