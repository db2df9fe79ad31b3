package initramfs

import (
	"bytes"
	"encoding/binary"
	"iter"
	"math/bits"

	"shimboot/tools/internal/compress"
)

const (
	// smallestRaw archive: one entry and a trailer.
	smallestRaw = 2 * 112
	// smallestPacked is less than any format makes of that: zstd needs 80
	// bytes, the others more.
	smallestPacked = 64
)

// candidate is a range of a segment's data.
type candidate struct{ start, size int }

// candidates gives the ranges that a length word points back over. Those of
// one start come with growing sizes.
func (s *Segment) candidates() iter.Seq[candidate] {
	return func(yield func(candidate) bool) {
		first := int(-s.Address & 7) // the word is 8-aligned in memory
		for at := first; at+s.Word <= len(s.Data); at += 8 {
			size := s.wordAt(at)
			if size < smallestPacked || size > uint64(at) {
				continue
			}
			// The gap between the end and the word is what 8-alignment takes.
			for gap := 0; gap < 8 && int(size)+gap <= at; gap++ {
				c := candidate{at - gap - int(size), int(size)}
				if (s.Address+uint64(c.start))%4 == 0 && known(s.data(c)) && !yield(c) {
					return
				}
			}
		}
	}
}

func (s *Segment) data(c candidate) []byte { return s.Data[c.start : c.start+c.size] }

func (s *Segment) wordAt(at int) uint64 {
	if s.Word == 4 {
		return uint64(binary.LittleEndian.Uint32(s.Data[at:]))
	}
	return binary.LittleEndian.Uint64(s.Data[at:])
}

func known(d []byte) bool {
	switch compress.Detect(d) {
	case compress.None:
		return len(d) >= smallestRaw && isCpio(d)
	case compress.LZMA:
		return isLZMA(d)
	}
	return true
}

func isCpio(d []byte) bool {
	return bytes.HasPrefix(d, []byte("070701")) || bytes.HasPrefix(d, []byte("070702"))
}

// isLZMA looks at more than the magic, which is also the integer 93: the
// dictionary is 2^n or 2^n + 2^(n-1) bytes, as xz has it, and the first byte
// of the range coder is 0.
func isLZMA(d []byte) bool {
	dict := binary.LittleEndian.Uint32(d[1:])
	lowest := dict & -dict
	return d[13] == 0 && dict != 0 && (bits.OnesCount32(dict) == 1 || dict == lowest*3)
}
