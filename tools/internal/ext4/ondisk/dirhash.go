package ondisk

import (
	"encoding/binary"
	"math/bits"
)

// hashBlock is how much of a name halfMD4 takes at a time.
const hashBlock = 32

// The hash that would be the end mark of a directory stream is the one before it.
const (
	hashEOF       = 0xFFFFFFFE
	hashBeforeEOF = 0xFFFFFFFC
)

// NameHash is HashHalfMD4 of a name by unsigned bytes (see FlagUnsignedHash), as
// __ext4fs_dirhash in fs/ext4/hash.c gives it: the lowest bit is zero, as
// HashContinued it has another use.
func NameHash(name string, seed [16]byte) uint32 {
	buf := [4]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}
	if seed != [16]byte{} {
		for i := range buf {
			buf[i] = binary.LittleEndian.Uint32(seed[4*i:])
		}
	}
	for len(name) > 0 {
		in := hashWords(name)
		halfMD4(&buf, &in)
		name = name[min(hashBlock, len(name)):]
	}
	hash := buf[1] &^ HashContinued
	if hash == hashEOF {
		hash = hashBeforeEOF
	}
	return hash
}

// hashWords packs the next 32 bytes of a name big-endian into eight words; the
// length left fills what the name does not.
func hashWords(name string) (out [8]uint32) {
	n := uint32(len(name))
	pad := n | n<<8
	pad |= pad << 16
	name = name[:min(hashBlock, len(name))]
	for i := range out {
		val := pad
		for k := 4 * i; k < len(name) && k < 4*i+4; k++ {
			val = uint32(name[k]) + val<<8
		}
		out[i] = val
	}
	return out
}

// halfMD4 is half_md4_transform: three rounds of eight steps.
func halfMD4(buf *[4]uint32, in *[8]uint32) {
	rounds := [3]struct {
		f     func(x, y, z uint32) uint32
		k     uint32
		order [8]uint8
		shift [4]int
	}{
		{func(x, y, z uint32) uint32 { return z ^ (x & (y ^ z)) }, 0, [8]uint8{0, 1, 2, 3, 4, 5, 6, 7}, [4]int{3, 7, 11, 19}},
		{func(x, y, z uint32) uint32 { return (x & y) + ((x ^ y) & z) }, 0x5A827999, [8]uint8{1, 3, 5, 7, 0, 2, 4, 6}, [4]int{3, 5, 9, 13}},
		{func(x, y, z uint32) uint32 { return x ^ y ^ z }, 0x6ED9EBA1, [8]uint8{3, 7, 2, 6, 1, 5, 0, 4}, [4]int{3, 9, 11, 15}},
	}
	a, b, c, d := buf[0], buf[1], buf[2], buf[3]
	for _, r := range rounds {
		for i, w := range r.order {
			a = bits.RotateLeft32(a+r.f(b, c, d)+in[w]+r.k, r.shift[i%4])
			a, b, c, d = d, a, b, c
		}
	}
	buf[0] += a
	buf[1] += b
	buf[2] += c
	buf[3] += d
}
