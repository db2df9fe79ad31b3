package ondisk

import "math/bits"

// A bitmap has a bit for each block or inode of a group, from the lowest bit of
// the first byte on; one that is set is in use (bitmaps.rst).

// SetBits sets the bits of a bitmap from up to, but not with, to.
func SetBits(b []byte, from, to uint64) {
	for ; from < to && from%8 != 0; from++ {
		b[from/8] |= 1 << (from % 8)
	}
	for ; from+8 <= to; from += 8 {
		b[from/8] = allBits
	}
	for ; from < to; from++ {
		b[from/8] |= 1 << (from % 8)
	}
}

// ClearRuns calls run for each run of n clear bits from bit at on, among the
// first count of a bitmap.
func ClearRuns(b []byte, count uint64, run func(at, n uint64)) {
	for at := uint64(0); at < count; {
		at += countBits(b, at, count, 0)
		n := countBits(b, at, count, allBits)
		if n > 0 {
			run(at, n)
		}
		at += n
	}
}

const allBits = 0xFF

// countBits counts the bits from at on before one that is clear in b^invert, up
// to bit count.
func countBits(b []byte, at, count uint64, invert byte) uint64 {
	from := at
	for at < count {
		left := (b[at/8] ^ invert) >> (at % 8)
		n := uint64(bits.TrailingZeros8(^left))
		n = min(n, 8-at%8)
		at += n
		if at%8 != 0 || n == 0 {
			break
		}
	}
	return min(at, count) - from
}
