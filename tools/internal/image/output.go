package image

import (
	"context"
	"os"
)

// output is the image being written, with a count of what was.
type output struct {
	*os.File
	report      func(done, total int64)
	total       int64
	before      int64 // bytes of the partitions that are done
	part, bytes int64 // written of the present one, and its content's bytes
}

// wrote counts. Tables and journals come on top of a content's own bytes, so
// a partition counts for no more than those.
func (o *output) wrote(n int) {
	o.part += int64(n)
	o.tell(min(o.part, o.bytes))
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
	w.out.wrote(n)
	return n, err
}
