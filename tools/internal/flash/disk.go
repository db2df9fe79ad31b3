package flash

import (
	"errors"
	"io"
	"os"

	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/sparse"
)

// MayBeDisk tells whether a file of size bytes looks like a disk: with a
// partition table, or with nothing but zeros in it.
func MayBeDisk(f *os.File, size int64) (bool, error) {
	if found, err := gpt.HasTable(f, size); found || err != nil {
		return found, err
	}
	data, err := sparse.Data(f, size)
	if err != nil {
		return false, err
	}
	buf := alignedBuffer()
	for _, r := range data {
		for at := r.Start; at < r.End; at += bufferSize {
			n, err := f.ReadAt(buf[:min(bufferSize, r.End-at)], at)
			if err != nil && !errors.Is(err, io.EOF) {
				return false, err
			}
			if !sparse.Zero(buf[:n]) {
				return false, nil
			}
		}
	}
	return true, nil
}
