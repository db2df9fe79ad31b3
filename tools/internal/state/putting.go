package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/mtools"
)

// version is a FAT file system, before or after a change.
type version struct {
	r    io.ReaderAt
	size int64 // bytes
	fs   *fat.FS
}

// putting makes the versions of a FAT in which a file is put to a name.
type putting struct {
	ctx        context.Context
	dir        string // for the versions' files
	file, name string
	open       []*os.File
}

func (p *putting) close() (err error) {
	for _, f := range p.open {
		err = errors.Join(err, f.Close())
	}
	return err
}

// versions are those that the disk has to have one after the other; none where
// all is as it shall be.
func (p *putting) versions(base *version, tight bool) ([]*version, error) {
	want, err := os.ReadFile(p.file)
	if err != nil {
		return nil, err
	}
	if old, err := base.fs.ReadFile(p.name); err == nil && bytes.Equal(old, want) {
		return nil, nil
	}
	there, err := has(base.fs, p.name)
	if err != nil {
		return nil, err
	}
	var list []*version
	put := p.add
	switch {
	case tight:
		if base, err = p.changed(base, p.remove); err != nil {
			return nil, err
		}
		list = append(list, base)
	case there:
		put = p.replace
	}
	last, err := p.changed(base, put)
	if err != nil {
		return nil, err
	}
	// What was asked for is there, before the image sees any of it.
	if got, err := last.fs.ReadFile(p.name); err != nil {
		return nil, err
	} else if !bytes.Equal(got, want) {
		return nil, errors.New("mcopy: " + p.name + " is not what was put there; nothing was changed")
	}
	return append(list, last), nil
}

// changed gives a version that some change makes of one.
func (p *putting) changed(from *version, change func(f *os.File, fsys *fat.FS) error) (*version, error) {
	f, err := os.Create(filepath.Join(p.dir, fmt.Sprintf("STATE%d", len(p.open))))
	if err != nil {
		return nil, err
	}
	p.open = append(p.open, f)
	if _, err := io.Copy(f, io.NewSectionReader(from.r, 0, from.size)); err != nil {
		return nil, err
	}
	if err := change(f, from.fs); err != nil {
		return nil, err
	}
	fsys, err := fat.Open(f, from.size)
	return &version{f, from.size, fsys}, err
}

func (p *putting) add(f *os.File, fsys *fat.FS) error {
	m := &mtools.Volume{Image: f.Name()}
	if err := makeParents(p.ctx, m, fsys, p.name); err != nil {
		return err
	}
	return m.Put(p.ctx, p.file, p.name)
}

func (p *putting) remove(f *os.File, _ *fat.FS) error {
	m := &mtools.Volume{Image: f.Name()}
	return m.Delete(p.ctx, p.name)
}

// replace puts the file beside the old one, exchanges what the two have, and
// takes the old content away: mcopy would use the old one's clusters again.
func (p *putting) replace(f *os.File, fsys *fat.FS) error {
	m := &mtools.Volume{Image: f.Name()}
	name, err := unusedName(fsys, path.Dir(p.name))
	if err != nil {
		return err
	}
	if err := m.Put(p.ctx, p.file, name); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	both, err := fat.Open(f, info.Size())
	if err != nil {
		return err
	}
	if err := exchange(f, both, p.name, name); err != nil {
		return err
	}
	return m.Delete(p.ctx, name)
}

// exchange has two files exchange their content.
func exchange(w io.WriterAt, fsys *fat.FS, a, b string) error {
	ofA, atA, err := fsys.Content(a)
	if err != nil {
		return err
	}
	ofB, atB, err := fsys.Content(b)
	if err != nil {
		return err
	}
	if _, err := w.WriteAt(ofA[:], atB); err != nil {
		return err
	}
	_, err = w.WriteAt(ofB[:], atA)
	return err
}
