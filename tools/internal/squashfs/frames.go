package squashfs

import (
	"github.com/klauspost/compress/zstd"

	"shimboot/tools/internal/badinput"
)

// maxZstdBlock is what one of a frame's blocks inflates to at most.
const maxZstdBlock = 128 << 10

// checkFrames refuses frames that claim more than limit, or whose blocks may
// inflate to that: the decoder makes room for what a header says before it looks
// at the rest, and a header need not say (RFC 8878, 3.1.1).
func checkFrames(b []byte, offset, limit int64) error {
	claimed, blocks := uint64(0), int64(0)
	for rest := b; ; {
		var h zstd.Header
		if h.Decode(rest) != nil {
			return nil // no frame; or the decoder finds what is wrong
		}
		if claimed += h.FrameContentSize; claimed > uint64(limit) || h.FrameContentSize > uint64(limit) {
			return badinput.New("squashfs: zstd frame").At(offset+int64(len(b)-len(rest))).
				Got("one that says it inflates to %d bytes", max(claimed, h.FrameContentSize)).Want("at most %d", limit)
		}
		end, inflated := frameEnd(&h, rest)
		if blocks += inflated; !h.HasFCS && blocks > max(limit, maxZstdBlock) {
			return badinput.New("squashfs: zstd frame").At(offset+int64(len(b)-len(rest))).
				Got("blocks that may inflate to %d bytes", blocks).Want("at most %d", limit)
		}
		if end >= len(rest) {
			return nil
		}
		rest = rest[end:]
	}
}

// frameEnd is where the frame at the start of b ends, or behind b, and what its
// blocks inflate to at most.
func frameEnd(h *zstd.Header, b []byte) (at int, inflated int64) {
	at = h.HeaderSize
	if h.Skippable {
		return at + int(h.SkippableSize), 0
	}
	for last := false; !last; {
		if at+3 > len(b) {
			return len(b), inflated
		}
		block := uint32(b[at]) | uint32(b[at+1])<<8 | uint32(b[at+2])<<16
		last = block&1 != 0
		size := int(block >> 3)
		switch block >> 1 & 3 {
		case 0: // as it is
			inflated += int64(size)
		case 1: // one byte, repeated
			inflated += int64(size)
			size = 1
		default:
			inflated += maxZstdBlock
		}
		at += 3 + size
	}
	if h.HasCheckSum {
		at += 4
	}
	return at, inflated
}
