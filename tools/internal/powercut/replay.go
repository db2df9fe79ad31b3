package powercut

import (
	"errors"
	"io"

	"shimboot/tools/internal/writelog"
)

// Disk is what a replay writes to.
type Disk interface {
	io.ReaderAt
	io.WriterAt
}

// Replay brings a disk from one state to the next.
type Replay struct {
	log  *writelog.Log
	disk Disk
	tear int64
	done int // entries that the disk has, up to a flush
}

// NewReplay takes a disk as it was before the first entry of the log. Tear is
// that of the Plan.
func NewReplay(log *writelog.Log, disk Disk, tear int64) *Replay {
	return &Replay{log: log, disk: disk, tear: tear}
}

// With has the disk in a state while look runs, which must not write to it.
// States come in the order of Plan.
func (r *Replay) With(s State, look func() error) (err error) {
	flushed := LastFlush(r.log, s.After)
	if flushed < r.done {
		return errors.New("powercut: states go forward only")
	}
	for ; r.done < flushed; r.done++ {
		if err := r.write(kept{entry: r.done}, nil); err != nil {
			return err
		}
	}
	var undo []patch
	defer func() {
		for i := len(undo) - 1; i >= 0; i-- {
			_, e := r.disk.WriteAt(undo[i].data, undo[i].off)
			err = errors.Join(err, e)
		}
	}()
	for _, k := range s.keep {
		if err := r.write(k, &undo); err != nil {
			return err
		}
	}
	return look()
}

// patch is what was on the disk.
type patch struct {
	off  int64
	data []byte
}

// write does what is kept of an entry, and notes what was there.
func (r *Replay) write(k kept, undo *[]patch) error {
	e := r.log.Entries[k.entry]
	data, err := r.log.Data(e)
	if err != nil || data == nil {
		return err
	}
	if undo != nil {
		old := make([]byte, len(data))
		if _, err := r.disk.ReadAt(old, e.Off); err != nil && err != io.EOF {
			return err
		}
		*undo = append(*undo, patch{e.Off, old})
	}
	if k.parts == nil {
		_, err := r.disk.WriteAt(data, e.Off)
		return err
	}
	for i, there := range k.parts {
		from := int64(i) * r.tear
		if !there {
			continue
		}
		if _, err := r.disk.WriteAt(data[from:min(from+r.tear, e.Len)], e.Off+from); err != nil {
			return err
		}
	}
	return nil
}
