package squashfs

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"
	"github.com/mikelolasagasti/xz"

	"shimboot/tools/internal/badinput"
)

const (
	// maxClaim is what a read of file content may inflate to. A block of the
	// file system has at most 1 MiB; but a read may also be of bytes that are
	// stored as they are, such as the start of a file that is zstd by itself, and
	// these are not to be refused.
	maxClaim = 32 << 20

	// maxDict is the dictionary that xz -9 takes.
	maxDict = 64 << 20

	// maxTable is what a block of tables has, by the format.
	maxTable = 8 << 10
)

// checkInflated refuses what go-diskfs would inflate to more than limit bytes:
// it looks at the size when it has them all. But for zstd there is nothing that
// tells it beforehand, and it is inflated here, to nowhere.
func checkInflated(compression string, b []byte, offset, limit int64) error {
	var n int64
	var err error
	switch compression {
	case "zstd":
		return checkFrames(b, offset, limit)
	case "xz":
		r, failed := xz.NewReader(bytes.NewReader(b), maxDict)
		n, err = discard(r, failed, limit)
	case "gzip":
		if int64(len(b))*deflateRatio > limit {
			r, failed := zlib.NewReader(bytes.NewReader(b))
			n, err = discard(r, failed, limit)
		}
	}
	// Any other error is the decoder's to say; or these are no such bytes.
	if n > limit || errors.Is(err, xz.ErrMemlimit) {
		return badinput.New("squashfs: %s block", compression).At(offset).Got("one that inflates to more than %d bytes", limit).
			Want("at most that")
	}
	return nil
}

// deflateRatio is more than deflate gains: 258 bytes for two bits.
const deflateRatio = 1032

// discard counts what a reader gives, up to one byte more than limit.
func discard(r io.Reader, failed error, limit int64) (int64, error) {
	if failed != nil {
		return 0, failed
	}
	return io.Copy(io.Discard, io.LimitReader(r, limit+1))
}
