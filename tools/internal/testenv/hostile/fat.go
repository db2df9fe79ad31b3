package hostile

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

const (
	fatCluster = 1024
	fatSector  = 512
	fatEntry   = 32
	fatEnd     = 0xffff
	fatDir     = 0x10
)

// fatImage is a FAT16 with clusters of 1 KiB.
type fatImage struct {
	d           []byte
	table, root int // offsets
	data        int
	next        uint16
}

func newFAT(mib, rootEntries int) *fatImage {
	f := &fatImage{d: make([]byte, mib<<20), table: fatSector, next: 2}
	sectors := mib << 11
	length := (sectors/2*2 + fatSector - 1) / fatSector
	le := binary.LittleEndian
	le.PutUint16(f.d[11:], fatSector)
	f.d[13], f.d[14], f.d[16] = fatCluster/fatSector, 1, 1
	le.PutUint16(f.d[17:], uint16(rootEntries))
	le.PutUint32(f.d[32:], uint32(sectors))
	le.PutUint16(f.d[22:], uint16(length))
	copy(f.d[54:], "FAT16   ")
	copy(f.d[510:], "\x55\xaa")
	f.root = f.table + length*fatSector
	f.data = f.root + rootEntries*fatEntry
	return f
}

// cluster takes a new one, which the chain goes on from to another.
func (f *fatImage) cluster(to uint16) uint16 {
	c := f.next
	f.next++
	binary.LittleEndian.PutUint16(f.d[f.table+2*int(c):], to)
	return c
}

func (f *fatImage) at(cluster uint16) []byte {
	return f.d[f.data+int(cluster-2)*fatCluster:][:fatCluster]
}

// fatDirectory is the entry of one, with a long name where there is any.
func fatDirectory(short, long string, cluster uint16) []byte {
	d := make([]byte, fatEntry)
	copy(d, short)
	d[11] = fatDir
	binary.LittleEndian.PutUint16(d[26:], cluster)
	sum := byte(0)
	for _, c := range d[:11] {
		sum = sum>>1 | sum<<7
		sum += c
	}
	units := utf16.Encode([]rune(long))
	for number := 1; len(units) > 0; number++ {
		part := make([]byte, fatEntry)
		part[0], part[11], part[13] = byte(number), 0x0f, sum
		place := append(append(part[1:11:11], part[14:26:26]...), part[28:32]...) // a copy
		for i := range 13 {
			u := uint16(0xffff)
			switch {
			case i < len(units):
				u = units[i]
			case i == len(units):
				u = 0
			}
			binary.LittleEndian.PutUint16(place[2*i:], u)
		}
		copy(part[1:11], place)
		copy(part[14:26], place[10:])
		copy(part[28:32], place[22:])
		if units = units[min(13, len(units)):]; len(units) == 0 {
			part[0] |= 0x40
		}
		d = append(part, d...)
	}
	return d
}

// FATDeep is a FAT of directories in each other, with names as long as can be:
// their paths take a thousand times what it does.
func FATDeep(mib int) []byte {
	f := newFAT(mib, 32)
	long := strings.Repeat("一", 255)
	entry := func() []byte { return fatDirectory("DEEP       ", long, f.next) }
	copy(f.d[f.root:], entry())
	for room := f.at; f.data+int(f.next)*fatCluster < len(f.d); {
		c := f.cluster(fatEnd)
		copy(room(c), entry())
	}
	return f.d
}

// FATShared is a FAT of thousands of directories that go on in the same
// clusters, in which there are only names that were deleted.
func FATShared() []byte {
	const directories = 4096
	f := newFAT(8, directories)
	shared := uint16(fatEnd)
	for range 2000 {
		shared = f.cluster(shared)
		for room := f.at(shared); len(room) > 0; room = room[fatEntry:] {
			room[0] = 0xe5
		}
	}
	for i := range directories {
		c := f.cluster(shared)
		for room := f.at(c); len(room) > 0; room = room[fatEntry:] {
			room[0] = 0xe5
		}
		copy(f.d[f.root+i*fatEntry:], fatDirectory(strings.ToUpper(name8(i))+"   ", "", c))
	}
	return f.d
}

// name8 is a name of eight characters for a number.
func name8(n int) string {
	b := []byte("D0000000")
	for i := len(b) - 1; n > 0; i, n = i-1, n/10 {
		b[i] = byte('0' + n%10)
	}
	return string(b)
}
