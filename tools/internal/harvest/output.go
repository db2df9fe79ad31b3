package harvest

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/jsondoc"
)

// output is the directory that is filled. It refuses to leave it, and to
// write a name twice.
type output struct {
	root  *os.Root
	bufs  sync.Pool
	total atomic.Int64 // bytes written
}

// maxTotal bounds what all files take: many names of an image may lead to the
// same blocks, and few bytes of it decompress to many. All of linux-firmware is
// about half of that.
const maxTotal = 4 << 30

// count is for each file that was written.
func (o *output) count(size int64) error {
	if total := o.total.Add(size); total > maxTotal {
		return badinput.New("drivers").Got("%d bytes and more", total).Want("at most %d", int64(maxTotal))
	}
	return nil
}

func newOutput(root *os.Root) *output {
	o := &output{root: root}
	o.bufs.New = func() any { return new([256 << 10]byte) }
	return o
}

// create makes a file and its parents.
func (o *output) create(name string) (*os.File, error) {
	if err := o.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return nil, err
	}
	return o.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
}

// write makes a file of data.
func (o *output) write(name string, data []byte) error {
	f, err := o.create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return firstError(err, f.Close(), o.count(int64(len(data))))
}

func (o *output) symlink(target, name string) error {
	if err := o.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	return o.root.Symlink(target, name)
}

// writeReport writes drivers.json and drivers.txt.
func (o *output) writeReport(r *report.Report) error {
	var buf bytes.Buffer
	if err := jsondoc.Write(&buf, r); err != nil {
		return err
	}
	if err := o.write("drivers.json", buf.Bytes()); err != nil {
		return err
	}
	return o.write("drivers.txt", []byte(r.Text(0)))
}

// finish gives every file its mode and time: they are for an image, and the
// same on every machine. The umask and depmod have had their say before. The
// directory itself keeps the mode that umask gave it: it bars the way to all.
func (o *output) finish(dir string, t time.Time) error {
	stamp, err := unix.TimeToTimespec(t)
	if err != nil {
		return fmt.Errorf("time of the files: %w", err)
	}
	return fs.WalkDir(o.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if mode := modeOf(e); mode != 0 && name != "." {
			if err := o.root.Chmod(name, mode); err != nil {
				return err
			}
		}
		full := filepath.Join(dir, name)
		times := []unix.Timespec{stamp, stamp}
		if err := unix.UtimesNanoAt(unix.AT_FDCWD, full, times, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			return &fs.PathError{Op: "utimensat", Path: full, Err: err}
		}
		return nil
	})
}

func modeOf(e fs.DirEntry) fs.FileMode {
	switch {
	case e.IsDir():
		return 0o755
	case e.Type().IsRegular():
		return 0o644
	}
	return 0
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
