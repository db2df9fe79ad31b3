package flash

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// CheapToCheck is the largest file, in bytes, that is best read as a whole
// before the disk is touched: 900 MB that were packed into it take one to four
// seconds of a processor, and most of a minute to get onto a stick.
const CheapToCheck = 256 << 20

// Packed is the image file's own size, in bytes.
func (s *Source) Packed() int64 { return s.stream.Packed }

// Check reads an image to its end, so that a damaged zip or zstd file, or a
// file that cannot be read, is found while the disk still has what it had. Of a
// raw image, and a zstd file without a checksum, nobody can tell. Progress may
// be nil; it is told how many of how many bytes are read.
func Check(ctx context.Context, path string, progress func(done, total int64)) (err error) {
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	buf := make([]byte, bufferSize)
	for done := int64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, n, err := s.next(buf)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		done += int64(n)
		report(progress, done, s.total)
	}
}
