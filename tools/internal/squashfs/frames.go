package squashfs

import (
	"github.com/klauspost/compress/zstd"

	"shimboot/tools/internal/badinput"
)

// maxClaim is what the zstd frames in one read may say that they inflate to.
// A block of the file system has at most 1 MiB; but a read may also be of
// bytes that are stored as they are, such as the start of a file that is zstd
// by itself, and these are not to be refused.
const maxClaim = 64 << 20

// checkFrames refuses frames that claim more: the decoder makes room for what
// a header says before it looks at the rest (RFC 8878, 3.1.1).
func checkFrames(b []byte, offset int64) error {
	claimed := uint64(0)
	for rest := b; ; {
		var h zstd.Header
		if h.Decode(rest) != nil {
			return nil // no frame; or the decoder finds what is wrong
		}
		if claimed += h.FrameContentSize; claimed > maxClaim || h.FrameContentSize > maxClaim {
			return badinput.New("squashfs: zstd frame").At(offset+int64(len(b)-len(rest))).
				Got("one that says it inflates to %d bytes", h.FrameContentSize).Want("at most %d", maxClaim)
		}
		end := frameEnd(&h, rest)
		if end >= len(rest) {
			return nil
		}
		rest = rest[end:]
	}
}

// frameEnd is where the frame at the start of b ends, or behind b.
func frameEnd(h *zstd.Header, b []byte) int {
	at := h.HeaderSize
	if h.Skippable {
		return at + int(h.SkippableSize)
	}
	for last := false; !last; {
		if at+3 > len(b) {
			return len(b)
		}
		block := uint32(b[at]) | uint32(b[at+1])<<8 | uint32(b[at+2])<<16
		last = block&1 != 0
		size := int(block >> 3)
		if block>>1&3 == 1 { // one byte, repeated
			size = 1
		}
		at += 3 + size
	}
	if h.HasCheckSum {
		at += 4
	}
	return at
}
