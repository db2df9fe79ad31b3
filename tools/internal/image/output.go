package image

import (
	"context"
	"errors"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// output is the image being written, with a count of what was. Several may
// write at once.
type output struct {
	*os.File
	report func(done, total int64)
	total  int64

	mu          sync.Mutex
	before      int64 // bytes of the partitions that are done
	part, bytes int64 // written of the present one, and its content's bytes
	waiting     int64 // bytes that nobody told the kernel to write out
}

// writeOut is how much may wait. Without being told, the kernel keeps all of it
// until half a minute has passed or the memory is full, while the disk idles.
const writeOut = 32 << 20

// wrote counts, and sends the disk to work. Tables and journals come on top of
// a content's own bytes, so a partition counts for no more than those.
func (o *output) wrote(n int) error {
	o.mu.Lock()
	o.part += int64(n)
	o.waiting += int64(n)
	full := o.waiting >= writeOut
	if full {
		o.waiting = 0
	}
	o.tell(min(o.part, o.bytes))
	o.mu.Unlock()
	if !full {
		return nil
	}
	err := unix.SyncFileRange(int(o.Fd()), 0, 0, unix.SYNC_FILE_RANGE_WRITE)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ESPIPE) || errors.Is(err, unix.EINVAL) {
		return nil // not on this file system; Sync does it all in the end
	}
	return err
}

// begin turns to the next partition, whose content is of that many bytes.
func (o *output) begin(bytes int64) { o.part, o.bytes = 0, bytes }

// end counts the partition as a whole, however it was written.
func (o *output) end() {
	o.tell(o.bytes)
	o.before += o.bytes
}

func (o *output) tell(part int64) {
	if o.report != nil && o.total > 0 {
		o.report(o.before+part, o.total)
	}
}

// sectionWriter writes from an offset on, until its context ends.
type sectionWriter struct {
	ctx   context.Context
	out   *output
	start int64
}

func (w *sectionWriter) WriteAt(b []byte, off int64) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.out.WriteAt(b, w.start+off)
	if err == nil {
		err = w.out.wrote(n)
	}
	return n, err
}
