package vboot

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
)

const (
	keyblockMagic      = "CHROMEOS"
	keyblockHeaderSize = 112
	preambleSize20     = 96
	preambleSize21     = 112
	preambleSize22     = 116
	keySize            = 32
)

// Parse reads a kernel blob from the start of r, of which size bytes are
// there. It checks everything that offsets and sizes depend on, no signature.
func Parse(r io.ReaderAt, size int64) (*Blob, error) {
	head := make([]byte, min(size, VblockLimit))
	if n, err := r.ReadAt(head, 0); err != nil && !(errors.Is(err, io.EOF) && n == len(head)) {
		return nil, fmt.Errorf("reading the keyblock: %w", err)
	}
	b := &Blob{r: r}
	if err := b.parseKeyblock(head); err != nil {
		return nil, err
	}
	if err := b.parsePreamble(head); err != nil {
		return nil, err
	}
	if have := size - b.BodyOffset(); b.BodySize() > have {
		return nil, badinput.New("kernel body").At(b.BodyOffset()).
			Got("%d bytes up to the end of the input", max(have, 0)).Want("%d", b.BodySize()).
			Fix("the image is cut off: fetch it again and compare its checksum")
	}
	b.vblock = head[:b.BodyOffset()]
	return b, b.parseBodyLayout()
}

func (b *Blob) parseKeyblock(d []byte) error {
	if len(d) < keyblockHeaderSize {
		return badinput.New("keyblock").At(0).Got("%d bytes", len(d)).Want("at least %d", keyblockHeaderSize)
	}
	if m := string(d[:8]); m != keyblockMagic {
		return badinput.New("keyblock magic").At(0).Got("%q", m).Want("%q", keyblockMagic).
			Fix("this is no ChromeOS kernel partition")
	}
	k := &b.Keyblock
	k.Major, k.Minor = u32(d, 8), u32(d, 12)
	if k.Major != 2 {
		return badinput.New("keyblock version").At(8).Got("%d.%d", k.Major, k.Minor).Want("2.x")
	}
	k.Size = u32(d, 16)
	if k.Size < keyblockHeaderSize || int(k.Size) > len(d) {
		return badinput.New("keyblock size").At(16).Got("%d", k.Size).Want("%d to %d", keyblockHeaderSize, len(d))
	}
	k.Signature = signature(d, 24, 0)
	k.Hash = signature(d, 48, 0)
	k.Flags = Flags(u32(d, 72))
	key, err := parseKey(d[:k.Size], 80)
	if err != nil {
		return err
	}
	k.DataKey = *key
	return nil
}

func (b *Blob) parsePreamble(head []byte) error {
	base := b.Keyblock.Size
	d := head[base:]
	at := func(off int) int64 { return int64(base) + int64(off) }
	if len(d) < preambleSize20 {
		return badinput.New("preamble").At(at(0)).Got("%d bytes", len(d)).Want("at least %d", preambleSize20)
	}
	p := &b.Preamble
	p.Offset, p.Size = base, u32(d, 0)
	p.Major, p.Minor = u32(d, 32), u32(d, 36)
	if p.Major != 2 {
		return badinput.New("preamble version").At(at(32)).Got("%d.%d", p.Major, p.Minor).Want("2.x")
	}
	need := p.headerSize()
	if int(p.Size) < need || int(p.Size) > len(d) {
		return badinput.New("preamble size").At(at(0)).Got("%d", p.Size).Want("%d to %d", need, len(d))
	}
	p.Signature = signature(d, 8, base)
	p.KernelVersion = u32(d, 40)
	p.BodyLoadAddress, p.BootloaderAddress = u64(d, 48), u64(d, 56)
	p.BootloaderSize = u32(d, 64)
	p.BodySignature = signature(d, 72, base)
	if p.Minor >= 1 {
		p.VmlinuzHeaderAddress, p.VmlinuzHeaderSize = u64(d, 96), u32(d, 104)
	}
	if p.Minor >= 2 {
		p.Flags = u32(d, 112)
	}
	return nil
}

// headerSize is the length of the preamble's fields.
func (p *Preamble) headerSize() int {
	switch {
	case p.Minor >= 2:
		return preambleSize22
	case p.Minor == 1:
		return preambleSize21
	}
	return preambleSize20
}

// parseBodyLayout checks that the chunks named by addresses lie in the body,
// and reads the command line.
func (b *Blob) parseBodyLayout() error {
	p := &b.Preamble
	if p.BootloaderAddress < p.BodyLoadAddress {
		return badinput.New("bootloader address").At(int64(p.Offset)+56).
			Got("0x%x", p.BootloaderAddress).Want("at least the body's, 0x%x", p.BodyLoadAddress)
	}
	if err := checkBodyRange("bootloader stub", b.BootloaderOffset(), int64(p.BootloaderSize), b.BodySize()); err != nil {
		return err
	}
	if err := checkBodyRange("command line", b.CmdlineOffset(), cmdlineSize, b.BodySize()); err != nil {
		return err
	}
	if p.VmlinuzHeaderSize != 0 {
		off := int64(p.VmlinuzHeaderAddress - p.BodyLoadAddress)
		if err := checkBodyRange("vmlinuz header", off, int64(p.VmlinuzHeaderSize), b.BodySize()); err != nil {
			return err
		}
	}
	b.config = make([]byte, cmdlineSize)
	if _, err := b.Body().ReadAt(b.config, b.CmdlineOffset()); err != nil {
		return fmt.Errorf("reading the command line: %w", err)
	}
	return nil
}

// signature reads a 24-byte signature structure at off; base is where its
// buffer starts in the blob. Its offset counts from the structure itself.
func signature(d []byte, off int, base uint32) Signature {
	return Signature{
		Offset:   uint64(base) + uint64(off) + uint64(u32(d, off)),
		Size:     u32(d, off+8),
		DataSize: u32(d, off+16),
	}
}

func u32(d []byte, off int) uint32 { return binary.LittleEndian.Uint32(d[off:]) }
func u64(d []byte, off int) uint64 { return binary.LittleEndian.Uint64(d[off:]) }
