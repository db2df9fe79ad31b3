package diskimage

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/sparse"
)

const (
	// headSize is what OpenForward keeps of a zip's image from the start: the
	// primary partition table is in the first 17 KiB of a disk.
	headSize = 64 << 10

	// maxKept bounds what is kept in memory. Kernel partitions have 16 to
	// 64 MiB.
	maxKept = 128 << 20

	keptBlock = 1 << 20
)

// OpenForward is Open for who wants the partition table and one range of the
// image. A zip is inflated into memory, no further than reads go:
//
//	table, err := gpt.Read(img.Head(), img.Size())
//	img.Keep(partition.Start, partition.Size)
//	blob, err := vboot.Parse(io.NewSectionReader(img, partition.Start, partition.Size), partition.Size)
//
// Only the head can be read before Keep, and nothing else but its range
// afterwards. As the end of the member is not reached, its checksum is not
// checked. A raw image can be read anywhere, as one that Open gives.
func OpenForward(ctx context.Context, path string, o Options) (*Image, error) {
	return open(ctx, path, o, inflateForward)
}

// Forward tells that the image is inflated on demand, so that only its head
// and what Keep names can be read.
func (i *Image) Forward() bool { return i.forward != nil }

// Head reads the image with zeros in place of what is not at hand yet.
func (i *Image) Head() io.ReaderAt {
	if i.forward == nil {
		return i
	}
	return sparse.Start(i.forward.head, i.size)
}

// Keep names the range to read from now on. Only the first call counts.
func (i *Image) Keep(start, size int64) {
	if i.forward != nil {
		i.forward.keep(start, start+size)
	}
}

// Inflated is how many bytes of the image have come out of the zip so far.
func (i *Image) Inflated() int64 {
	switch {
	case i.forward != nil:
		return i.forward.position()
	case i.zip:
		return i.size
	}
	return 0
}

func inflateForward(ctx context.Context, f *os.File, member *zip.File, path string, o Options) (*Image, error) {
	size := int64(member.UncompressedSize64)
	src, err := member.Open()
	if err != nil {
		return nil, inflateError(zipName(path, member), err)
	}
	fw := &forward{ctx: ctx, src: src, what: zipName(path, member), progress: o.Progress}
	fw.head = make([]byte, min(size, headSize))
	if err := fw.read(fw.head); err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return &Image{
		ReaderAt: fw, size: size, name: path + ":" + member.Name, zip: true, forward: fw,
		// What the decoder has to say at its end is either what a read has
		// said, or about bytes that nobody asked for.
		close: func() error { _ = src.Close(); return f.Close() },
	}, nil
}

// forward is the content of a zip's member, of which the head and one range
// are kept.
type forward struct {
	ctx      context.Context
	what     string // for messages
	progress func(done, total int64)
	head     []byte

	mu       sync.Mutex
	src      io.Reader
	at       int64    // of the next byte that src gives
	from, to int64    // of the range
	blocks   [][]byte // what is there of the range; all but the last are full
	err      error    // of src, for good
}

func (f *forward) position() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

func (f *forward) keep(from, to int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.to == 0 {
		f.from, f.to = from, to
	}
}

// ReadAt reads from the head or from the range, inflating what is missing.
func (f *forward) ReadAt(p []byte, off int64) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	end := off + int64(len(p))
	switch {
	case off >= 0 && end <= int64(len(f.head)):
		return copy(p, f.head[off:]), nil
	case off < f.from || end > f.to:
		return 0, fmt.Errorf("%s: bytes %d to %d are not kept", f.what, off, end)
	case end-f.from > maxKept:
		return 0, badinput.New("%s", f.what).At(f.from).Got("%d bytes or more to be read", end-f.from).
			Want("at most %d", maxKept).Fix("if the image is to be trusted, unpack the zip first")
	}
	if err := f.inflateTo(end); err != nil {
		return 0, err
	}
	n := 0
	for n < len(p) {
		i := off + int64(n) - f.from
		n += copy(p[n:], f.blocks[i/keptBlock][i%keptBlock:])
	}
	return n, nil
}

// inflateTo fills the range up to end, a block at a time.
func (f *forward) inflateTo(end int64) error {
	if err := f.skip(); err != nil {
		return err
	}
	for have := f.from + int64(len(f.blocks))*keptBlock; have < end; have += keptBlock {
		block := make([]byte, min(keptBlock, f.to-have))
		n := 0
		if have < int64(len(f.head)) { // the range starts in the head
			n = copy(block, f.head[have:])
		}
		if err := f.read(block[n:]); err != nil {
			return err
		}
		f.blocks = append(f.blocks, block)
	}
	return nil
}

// skip inflates what is before the range.
func (f *forward) skip() error {
	var trash []byte
	for f.at < f.from {
		if trash == nil {
			trash = make([]byte, min(keptBlock, f.from-f.at))
		}
		if err := f.read(trash[:min(int64(len(trash)), f.from-f.at)]); err != nil {
			return err
		}
	}
	return nil
}

// read takes the next len(p) bytes of the member.
func (f *forward) read(p []byte) error {
	if f.err == nil {
		f.err = f.ctx.Err()
	}
	if f.err != nil {
		return f.err
	}
	n, err := io.ReadFull(f.src, p)
	f.at += int64(n)
	if err != nil {
		f.err = inflateError(f.what, err)
		return f.err
	}
	if f.progress != nil && f.to != 0 {
		f.progress(f.at, f.to)
	}
	return nil
}
