package flash

import (
	"context"
	"hash/maphash"
	"io"
	"unsafe"

	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/sparse"
)

const (
	// block is the unit in which zeros are told from data: flash memory is
	// erased in larger ones.
	block = 64 << 10

	// bufferSize is what is read and written at once.
	bufferSize = 4 << 20

	// pageSize is what direct I/O wants memory aligned to.
	pageSize = 4096
)

// written is a run of blocks on the disk. Its checksum is of 64 bits with a
// secret that no medium knows, so that there is no need to read the image twice.
type written struct {
	Range
	sum uint64
}

// piece is a part of the image on its way.
type piece struct {
	off  int64
	data []byte // all of buf that is used
	buf  []byte
	err  error
}

// copyData writes every block of the image that is not all zeros, and notes
// what it wrote. The next piece is read while one is written.
func (j *job) copyData(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	pieces, empty := make(chan piece), make(chan []byte, 3)
	for range cap(empty) {
		empty <- alignedBuffer()
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		j.read(ctx, empty, pieces)
	}()
	defer func() {
		cancel()
		<-ended // the source is the caller's again
	}()
	var done int64
	for p := range pieces {
		if p.err == nil {
			p.err = ctx.Err()
		}
		if p.err == io.EOF {
			return nil
		}
		if p.err != nil {
			return p.err
		}
		if err := j.blocks(p.off, p.data); err != nil {
			return err
		}
		done += int64(len(p.data))
		report(j.progress.Writing, done, j.src.total)
		empty <- p.buf
	}
	return ctx.Err()
}

// read sends the pieces of the image; the last has an error.
func (j *job) read(ctx context.Context, empty <-chan []byte, pieces chan<- piece) {
	defer close(pieces)
	j.named = search{guids: j.src.given}
	for {
		var p piece
		select {
		case p.buf = <-empty:
		case <-ctx.Done():
			return
		}
		var n int
		p.off, n, p.err = j.src.next(p.buf)
		p.data = p.buf[:n]
		j.named.pass(p.off, p.data)
		select {
		case pieces <- p:
		case <-ctx.Done():
			return
		}
		if p.err != nil {
			return
		}
	}
}

// blocks writes the runs of blocks that are not zeros. The image's own tables
// are left out.
func (j *job) blocks(off int64, data []byte) error {
	clearAt(data, off, Range{0, gpt.HeadSize})
	clearAt(data, off, Range{j.src.Size() - gpt.TailSize, j.src.Size()})
	for from := 0; from < len(data); {
		to := from
		for to < len(data) && !sparse.Zero(data[to:min(to+block, len(data))]) {
			to = min(to+block, len(data))
		}
		if to == from {
			from = min(from+block, len(data))
			continue
		}
		if _, err := j.disk.WriteAt(data[from:to], off+int64(from)); err != nil {
			return err
		}
		r := Range{off + int64(from), off + int64(to)}
		j.written = append(j.written, written{r, maphash.Bytes(j.seed, data[from:to])})
		from = to
	}
	return nil
}

// clearAt clears what data, which is at off, has of r.
func clearAt(data []byte, off int64, r Range) {
	from, to := max(r.Start-off, 0), min(r.End-off, int64(len(data)))
	if from < to {
		clear(data[from:to])
	}
}

// alignedBuffer is memory that starts at a page.
func alignedBuffer() []byte {
	b := make([]byte, bufferSize+pageSize)
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(b))) & (pageSize - 1)
	return b[skip:][:bufferSize:bufferSize]
}

func report(f func(done, total int64), done, total int64) {
	if f != nil {
		f(done, total)
	}
}
