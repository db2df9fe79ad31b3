// Package lzop reads the container that the program lzop writes, which is what
// Kbuild calls LZO: a header, and blocks of LZO1X with checksums.
//
//	r, err := lzop.NewReader(file)
//	plain, err := io.ReadAll(r)
//
// Integers are big-endian. The layout is that of lzop's own source and of
// lib/decompress_unlzo.c in Linux, whose limit for a block holds here too. The
// blocks' content is decoded with github.com/anchore/go-lzo. One reader reads
// one file of lzop and not a byte further.
package lzop

import (
	"encoding/binary"
	"errors"
	"hash/adler32"
	"hash/crc32"
	"io"

	lzo "github.com/anchore/go-lzo"

	"shimboot/tools/internal/badinput"
)

// maxBlock is LZO_BLOCK_SIZE of Linux, which refuses longer ones; lzop never
// writes them.
const maxBlock = 256 << 10

// Reader gives the content of one lzop file. Every checksum in it is checked.
type Reader struct {
	src    io.Reader
	off    int64 // in src
	flags  uint32
	buf    []byte // what take read last
	plain  []byte // a block's content
	unread []byte // the rest of plain
	err    error
}

// NewReader reads the header.
func NewReader(src io.Reader) (*Reader, error) {
	r := &Reader{src: src}
	if err := r.header(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Reader) Read(p []byte) (int, error) {
	for len(r.unread) == 0 && r.err == nil && len(p) > 0 {
		r.err = r.block()
	}
	n := copy(p, r.unread)
	r.unread = r.unread[n:]
	if n == 0 && len(p) > 0 {
		return 0, r.err
	}
	return n, nil
}

// sums are the checksums of a block: of its content and, where it is
// compressed, of its bytes here.
type sums struct {
	at                                       int64
	adlerPlain, crcPlain, adlerPack, crcPack uint32
}

// block reads the next one into unread; io.EOF is the end mark.
func (r *Reader) block() error {
	at := r.off
	plain, err := r.u32("lzop block")
	if err != nil {
		return err
	}
	if plain == 0 {
		return io.EOF
	}
	packed, err := r.u32("lzop block")
	if err != nil {
		return err
	}
	if plain > maxBlock || packed == 0 || packed > plain {
		return badinput.New("lzop block").At(at).Got("%d bytes packed to %d", plain, packed).
			Want("at most %d bytes, packed to no more", maxBlock)
	}
	s, err := r.sums(packed < plain)
	if err != nil {
		return err
	}
	at = r.off
	d, err := r.take("lzop block", int(packed))
	if err != nil {
		return err
	}
	if packed < plain {
		if err := r.check(d, s.at, flagAdlerPacked, s.adlerPack, flagCRCPacked, s.crcPack); err != nil {
			return err
		}
		if d, err = r.decode(d, int(plain), at); err != nil {
			return err
		}
	}
	if err := r.check(d, s.at, flagAdlerPlain, s.adlerPlain, flagCRCPlain, s.crcPlain); err != nil {
		return err
	}
	r.unread = d
	return nil
}

// sums reads the checksums that the flags announce. A block that is stored as
// it is has none of its packed bytes.
func (r *Reader) sums(packed bool) (s sums, err error) {
	s.at = r.off
	for _, f := range []struct {
		flag   uint32
		packed bool
		to     *uint32
	}{
		{flagAdlerPlain, false, &s.adlerPlain}, {flagCRCPlain, false, &s.crcPlain},
		{flagAdlerPacked, true, &s.adlerPack}, {flagCRCPacked, true, &s.crcPack},
	} {
		if r.flags&f.flag == 0 || f.packed && !packed {
			continue
		}
		if *f.to, err = r.u32("lzop block checksum"); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (r *Reader) check(d []byte, at int64, adlerFlag, adler, crcFlag, crc uint32) error {
	if r.flags&adlerFlag != 0 {
		if got := adler32.Checksum(d); got != adler {
			return badinput.New("lzop block checksum (Adler-32)").At(at).Got("%08x", adler).Want("%08x", got)
		}
	}
	if r.flags&crcFlag != 0 {
		if got := crc32.ChecksumIEEE(d); got != crc {
			return badinput.New("lzop block checksum (CRC-32)").At(at).Got("%08x", crc).Want("%08x", got)
		}
	}
	return nil
}

func (r *Reader) decode(d []byte, size int, at int64) ([]byte, error) {
	if r.plain == nil {
		r.plain = make([]byte, maxBlock)
	}
	n, err := lzo.Decompress(d, r.plain[:size])
	if err != nil {
		return nil, badinput.New("lzop block").At(at).Got("%v", err).Want("%d bytes of LZO1X", len(d))
	}
	if n != size {
		return nil, badinput.New("lzop block").At(at).Got("%d bytes unpacked", n).Want("%d", size)
	}
	return r.plain[:n], nil
}

// take reads n bytes, which stay good until the next take.
func (r *Reader) take(what string, n int) ([]byte, error) {
	if cap(r.buf) < n {
		r.buf = make([]byte, n, max(n, 512))
	}
	d := r.buf[:n]
	got, err := io.ReadFull(r.src, d)
	at := r.off
	r.off += int64(got)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, badinput.New("%s", what).At(at).Got("%d bytes up to the end", got).Want("%d", n)
	}
	return d, err
}

func (r *Reader) u32(what string) (uint32, error) {
	d, err := r.take(what, 4)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint32(d), nil
}
