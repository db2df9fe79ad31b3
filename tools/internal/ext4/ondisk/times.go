package ondisk

import "time"

// A time of an inode is 32 bits of signed seconds and, where there is room, an
// extra word: two more bits of seconds above the 32, and 30 bits of nanoseconds
// (inodes.rst, "Inode Timestamps").
const (
	epochBits = 2
	epochMask = 1<<epochBits - 1
)

// DecodeTime joins the two words of a time.
func DecodeTime(sec, extra uint32) time.Time {
	return time.Unix(int64(int32(sec))+int64(extra&epochMask)<<32, int64(extra>>epochBits)).UTC()
}

// EncodeTime is the inverse of DecodeTime. What lies outside of 1901 to 2446
// is moved to the nearer end.
func EncodeTime(t time.Time) (sec, extra uint32) {
	const least, most = -1 << 31, 1<<(32+epochBits) - 1<<31 - 1
	s, ns := t.Unix(), t.Nanosecond()
	switch {
	case s < least:
		s, ns = least, 0
	case s > most:
		s, ns = most, 999999999
	}
	epoch := (s - int64(int32(s))) >> 32
	return uint32(s), uint32(epoch)&epochMask | uint32(ns)<<epochBits
}

// EncodeSuperTime gives a time of the superblock: 40 bits of seconds.
func EncodeSuperTime(t time.Time) (lo uint32, hi uint8) {
	s := min(max(t.Unix(), 0), 1<<40-1)
	return uint32(s), uint8(s >> 32)
}
