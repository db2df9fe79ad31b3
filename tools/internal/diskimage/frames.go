package diskimage

import (
	"errors"
	"io"
	"math"

	"github.com/klauspost/compress/zstd"

	"shimboot/tools/internal/badinput"
)

// The sizes of a zstd file's parts (RFC 8878, 3.1.1).
const (
	zstdBlockHeader = 3
	zstdChecksum    = 4
	zstdRLE         = 1 // a block's type: one byte stands for all
)

// zstdSize goes from block to block of a zstd file of size bytes, so that what
// is cut off is found without unpacking anything: it reads three bytes of at
// most 128 KiB. It gives the content's size, -1 where the file does not say.
func zstdSize(r io.ReaderAt, size int64) (content int64, err error) {
	for at := int64(0); at < size; {
		var h zstd.Header
		b := make([]byte, min(zstd.HeaderMaxSize, size-at))
		if _, err := r.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		switch err := h.Decode(b); {
		case errors.Is(err, io.ErrUnexpectedEOF):
			return 0, cutOff(size)
		case err != nil:
			return 0, badinput.New("zstd frame").At(at).Got("%v", err).Want("a zstd file").Fix("fetch the file again")
		}
		at += int64(h.HeaderSize) + int64(h.SkippableSize)
		if !h.Skippable {
			if at, err = behindBlocks(r, at, size); err != nil {
				return 0, err
			}
			if h.HasCheckSum {
				at += zstdChecksum
			}
			content = sum(content, &h)
		}
		if at > size {
			return 0, cutOff(size)
		}
	}
	return content, nil
}

// sum adds a frame's content.
func sum(content int64, h *zstd.Header) int64 {
	if content < 0 || !h.HasFCS || h.FrameContentSize > uint64(math.MaxInt64-content) {
		return -1
	}
	return content + int64(h.FrameContentSize)
}

// behindBlocks gives where the blocks of a frame end that start at a place.
func behindBlocks(r io.ReaderAt, at, size int64) (int64, error) {
	b := make([]byte, zstdBlockHeader)
	for last := false; !last; {
		if at+zstdBlockHeader > size {
			return 0, cutOff(size)
		}
		if _, err := r.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
		bits := int64(b[0]) | int64(b[1])<<8 | int64(b[2])<<16
		last = bits&1 != 0
		length := bits >> 3
		if bits>>1&3 == zstdRLE {
			length = 1
		}
		at += zstdBlockHeader + length
	}
	return at, nil
}

func cutOff(size int64) error {
	return badinput.New("zstd file").Got("its end at byte %d", size).Want("more").Fix("the image is cut off: fetch it again")
}
