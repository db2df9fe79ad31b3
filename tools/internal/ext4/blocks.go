package ext4

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

// blockCache holds recently read metadata blocks, at most 1 MiB at 4 KiB each.
// Blocks in it are shared and never written to.
type blockCache struct {
	mu    sync.Mutex
	slots [256]struct {
		n    uint64
		data []byte
	}
}

func (c *blockCache) get(n uint64) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := &c.slots[n%uint64(len(c.slots))]; s.n == n {
		return s.data
	}
	return nil
}

func (c *blockCache) put(n uint64, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &c.slots[n%uint64(len(c.slots))]
	s.n, s.data = n, data
}

// block gives metadata block n, not to be changed. What and at say what asked
// for it, for the error when there is no such block.
func (f *FS) block(n uint64, what string, at int64) ([]byte, error) {
	if err := f.checkRun(n, 1, what, at); err != nil {
		return nil, err
	}
	if b := f.cache.get(n); b != nil {
		return b, nil
	}
	b := make([]byte, f.bs)
	if err := readFull(f.r, b, int64(n)*f.bs); err != nil {
		return nil, err
	}
	f.cache.put(n, b)
	return b, nil
}

// checkRun refuses blocks that are not in the file system. Block 0 holds the
// superblock or the boot sector, never anything a pointer may name.
func (f *FS) checkRun(n, count uint64, what string, at int64) error {
	if n == 0 || n >= f.blocks || count > f.blocks-n {
		return badf(at, what, fmt.Sprintf("blocks %d+%d", n, count), "blocks from 1 to %d", f.blocks-1)
	}
	return nil
}

// readFull reads all of b at off. Bytes that are missing are a fault of the
// input; other errors are the machine's.
func readFull(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return badf(off, "input", fmt.Sprintf("%d bytes", n), "%d", len(b))
	}
	return fmt.Errorf("ext4: reading %d bytes at byte %d: %w", len(b)-n, off+int64(n), err)
}
