package testenv

import "encoding/binary"

// ELF makes what looks like an uncompressed x86-64 kernel: one segment, which
// is data and starts at the address.
func ELF(address uint64, data []byte) []byte {
	const header, program = 64, 56
	le := binary.LittleEndian
	d := make([]byte, header+program)
	copy(d, "\x7fELF\x02\x01\x01")
	for at, v := range map[int]uint16{16: 2, 18: 62, 52: header, 54: program, 56: 1} {
		le.PutUint16(d[at:], v)
	}
	le.PutUint32(d[20:], 1) // version
	le.PutUint64(d[32:], header)
	le.PutUint32(d[header:], 1) // PT_LOAD
	le.PutUint64(d[header+8:], uint64(len(d)))
	le.PutUint64(d[header+16:], address)
	le.PutUint64(d[header+32:], uint64(len(data)))
	le.PutUint64(d[header+40:], uint64(len(data)))
	return append(d, data...)
}
