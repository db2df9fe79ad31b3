package ext4

import (
	"io"
	"io/fs"
	"path"
	"time"

	"shimboot/tools/internal/ext4/ondisk"
)

// File is what FS.Open gives of anything but a directory.
type File interface {
	fs.File
	io.ReaderAt
	io.Seeker
	Size() int64
	// NextData gives the first bytes at or after off that are stored, from
	// start up to end, where there may be more; the hole before start reads as
	// zeros. When nothing but a hole follows, it is io.EOF.
	NextData(off int64) (start, end int64, err error)
}

var _ File = (*openFile)(nil)

// fileInfo implements fs.FileInfo; Sys gives the *Inode.
type fileInfo struct {
	name string
	ino  *Inode
}

func (i *fileInfo) Name() string       { return i.name }
func (i *fileInfo) Size() int64        { return i.ino.Size }
func (i *fileInfo) Mode() fs.FileMode  { return i.ino.fmode }
func (i *fileInfo) ModTime() time.Time { return i.ino.MTime }
func (i *fileInfo) IsDir() bool        { return i.ino.fmode.IsDir() }
func (i *fileInfo) Sys() any           { return i.ino }
func (i *fileInfo) String() string     { return fs.FormatFileInfo(i) }

// dirEntry implements fs.DirEntry without reading the inode before Info.
type dirEntry struct {
	fs *FS
	e  dirent
}

func (d *dirEntry) Name() string   { return d.e.name }
func (d *dirEntry) IsDir() bool    { return d.e.ft == ondisk.TypeDir }
func (d *dirEntry) String() string { return fs.FormatDirEntry(d) }

func (d *dirEntry) Type() fs.FileMode {
	mode, _ := d.e.ft.FSMode()
	return mode
}

func (d *dirEntry) Info() (fs.FileInfo, error) {
	i, err := d.fs.entryInode(d.e)
	if err != nil {
		return nil, err
	}
	return &fileInfo{d.e.name, i}, nil
}

// openFile is an open file that is not a directory. Reading at an offset and
// Size come from the section.
type openFile struct {
	*io.SectionReader
	info   *fileInfo
	data   dataReader
	closed bool
}

func newOpenFile(info *fileInfo, r dataReader, size int64) *openFile {
	return &openFile{SectionReader: io.NewSectionReader(r, 0, size), info: info, data: r}
}

// dataReader is what an open file reads from.
type dataReader interface {
	io.ReaderAt
	nextData(off int64) (start, end int64, err error)
}

// NextData implements File.
func (o *openFile) NextData(off int64) (start, end int64, err error) {
	start, end, err = o.data.nextData(off)
	if err != nil && err != io.EOF {
		err = pathError("read", o.info.name, err)
	}
	return start, end, err
}

func (o *openFile) Stat() (fs.FileInfo, error) {
	if o.closed {
		return nil, pathError("stat", o.info.name, fs.ErrClosed)
	}
	return o.info, nil
}

func (o *openFile) Read(p []byte) (int, error) {
	if o.closed {
		return 0, pathError("read", o.info.name, fs.ErrClosed)
	}
	return o.SectionReader.Read(p)
}

func (o *openFile) Close() error {
	if o.closed {
		return pathError("close", o.info.name, fs.ErrClosed)
	}
	o.closed = true
	return nil
}

// noData is what a device, fifo or socket reads as.
type noData struct{}

func (noData) ReadAt([]byte, int64) (int, error)            { return 0, io.EOF }
func (noData) nextData(int64) (start, end int64, err error) { return 0, 0, io.EOF }

// openDir is an open directory.
type openDir struct {
	fs      *FS
	name    string
	info    *fileInfo
	step    step
	entries []fs.DirEntry
	read    bool
	closed  bool
}

func (o *openDir) Stat() (fs.FileInfo, error) { return o.info, o.check("stat") }

func (o *openDir) Read([]byte) (int, error) {
	if err := o.check("read"); err != nil {
		return 0, err
	}
	return 0, pathError("read", o.name, errIsDir)
}

func (o *openDir) Close() error {
	err := o.check("close")
	o.closed = true
	return err
}

func (o *openDir) check(op string) error {
	if o.closed {
		return pathError(op, path.Base(o.name), fs.ErrClosed)
	}
	return nil
}

// ReadDir implements fs.ReadDirFile.
func (o *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if err := o.check("readdir"); err != nil {
		return nil, err
	}
	if !o.read {
		entries, err := o.fs.dirEntries(o.step, o.name)
		if err != nil {
			return nil, pathError("readdir", o.name, err)
		}
		o.entries, o.read = entries, true
	}
	if n > 0 && len(o.entries) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(o.entries) {
		n = len(o.entries)
	}
	out := o.entries[:n:n]
	o.entries = o.entries[n:]
	return out, nil
}
