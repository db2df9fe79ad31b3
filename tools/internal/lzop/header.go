package lzop

import (
	"encoding/binary"
	"hash/adler32"
	"hash/crc32"

	"shimboot/tools/internal/badinput"
)

const magic = "\x89LZO\x00\r\n\x1a\n"

// Flags of a header; those named "checksum" say what stands in each block.
const (
	flagAdlerPlain  = 1 << 0 // checksum of the block's content
	flagAdlerPacked = 1 << 1 // checksum of the block's compressed bytes
	flagExtra       = 1 << 6 // an extra field follows the header
	flagCRCPlain    = 1 << 8
	flagCRCPacked   = 1 << 9
	flagMultipart   = 1 << 10
	flagFilter      = 1 << 11 // the content was transformed first
	flagCRCHeader   = 1 << 12 // the header's checksum is a CRC, not Adler-32
)

// versionFull is the first version of lzop (0.940) whose header has all fields.
const versionFull = 0x0940

// maxExtra bounds the extra field, which is skipped; no lzop writes one.
const maxExtra = 64 << 10

// The methods, all of which the one decoder reads: LZO1X-1, LZO1X-1(15) and
// LZO1X-999.
const (
	methodFirst = 1
	methodLast  = 3
)

// header reads everything up to the first block.
func (r *Reader) header() error {
	m, err := r.take("lzop magic", len(magic))
	if err != nil {
		return err
	}
	if string(m) != magic {
		return badinput.New("lzop magic").At(0).Got("%q", m).Want("%q", magic)
	}
	start := r.off
	h := &fields{r: r}
	h.read()
	if h.err != nil {
		return h.err
	}
	sum := adler32.Checksum(h.all)
	if r.flags&flagCRCHeader != 0 {
		sum = crc32.ChecksumIEEE(h.all)
	}
	at := r.off
	if want, err := r.u32("lzop header checksum"); err != nil {
		return err
	} else if want != sum {
		return badinput.New("lzop header checksum").At(at).Got("%08x", want).Want("%08x", sum)
	}
	if r.flags&(flagFilter|flagMultipart) != 0 {
		return badinput.New("lzop header").At(start).Got("flags 0x%x: a filter or one part of several", r.flags).
			Want("a whole file as Kbuild writes it")
	}
	return r.extra()
}

// extra skips the field that newer versions may add.
func (r *Reader) extra() error {
	if r.flags&flagExtra == 0 {
		return nil
	}
	at := r.off
	n, err := r.u32("lzop extra field")
	if err != nil {
		return err
	}
	if n > maxExtra {
		return badinput.New("lzop extra field").At(at).Got("%d bytes", n).Want("at most %d", maxExtra)
	}
	_, err = r.take("lzop extra field", int(n)+4)
	return err
}

// fields reads the header's fields one after the other, and keeps their bytes
// for the checksum. After an error it does nothing.
type fields struct {
	r   *Reader
	all []byte
	err error
}

func (f *fields) next(n int) uint32 {
	if f.err != nil {
		return 0
	}
	var d []byte
	if d, f.err = f.r.take("lzop header", n); f.err != nil {
		return 0
	}
	f.all = append(f.all, d...)
	var wide [4]byte
	copy(wide[4-min(n, 4):], d)
	return binary.BigEndian.Uint32(wide[:])
}

func (f *fields) read() {
	version := f.next(2)
	f.next(2) // of the LZO library
	if version >= versionFull {
		f.next(2) // version needed to extract
	}
	at := f.r.off
	method := f.next(1)
	if f.err == nil && (method < methodFirst || method > methodLast) {
		f.err = badinput.New("lzop method").At(at).Got("%d", method).Want("%d to %d, LZO1X", methodFirst, methodLast)
	}
	if version >= versionFull {
		f.next(1) // level
	}
	f.r.flags = f.next(4)
	if f.r.flags&flagFilter != 0 {
		f.next(4)
	}
	f.next(4) // mode
	f.next(4) // time
	if version >= versionFull {
		f.next(4) // time, upper half
	}
	if n := f.next(1); n > 0 {
		f.skip(int(n)) // file name
	}
}

func (f *fields) skip(n int) {
	if f.err != nil {
		return
	}
	var d []byte
	if d, f.err = f.r.take("lzop header", n); f.err == nil {
		f.all = append(f.all, d...)
	}
}
