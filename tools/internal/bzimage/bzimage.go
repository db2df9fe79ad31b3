// Package bzimage parses the x86 boot protocol's setup header, the part of a
// bzImage that says where the compressed kernel is.
//
//	h, err := bzimage.Parse(realMode)      // the file's first sectors
//	h, err := bzimage.ParseParams(page)    // a "zero page" with the header in it
//	payload := body[h.PayloadOffset:][:h.PayloadLength]
//
// Integers are little-endian. Source: Documentation/arch/x86/boot.rst in
// Linux; offsets are the same in the real-mode part and in the zero page.
package bzimage

import (
	"encoding/binary"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
)

const (
	offSetupSects    = 0x1f1
	offBootFlag      = 0x1fe
	offMagic         = 0x202
	offVersion       = 0x206
	offKernelVersion = 0x20e
	offPayloadOffset = 0x248
	offPayloadLength = 0x24c
	headerEnd        = 0x268

	magic = "HdrS"

	// The payload fields are there since protocol 2.08 (Linux 2.6.26).
	versionPayload = 0x0208

	sectorSize = 512
)

// Header is what the setup header says.
type Header struct {
	Protocol      uint16 // 0x020c is 2.12
	SetupSize     int64  // bytes of the real-mode part, the protected-mode code follows
	PayloadOffset int64  // from the start of the protected-mode code
	PayloadLength int64
	Version       string // kernel version string, empty where it is not in the bytes given
}

// Parse reads the header of the real-mode part in d.
func Parse(d []byte) (*Header, error) {
	h, err := parse(d)
	if err != nil {
		return nil, err
	}
	if flag := binary.LittleEndian.Uint16(d[offBootFlag:]); flag != 0xaa55 {
		return nil, badinput.New("boot flag").At(offBootFlag).Got("0x%04x", flag).Want("0xaa55")
	}
	if off := int(binary.LittleEndian.Uint16(d[offKernelVersion:])); off != 0 && off+0x200 < len(d) {
		h.Version = cString(d[off+0x200:])
	}
	return h, nil
}

// ParseParams reads the header from a params page, where the boot flag and the
// version string are missing.
func ParseParams(d []byte) (*Header, error) { return parse(d) }

func parse(d []byte) (*Header, error) {
	if len(d) < headerEnd {
		return nil, badinput.New("setup header").Got("%d bytes", len(d)).Want("at least %d", headerEnd)
	}
	if m := string(d[offMagic : offMagic+4]); m != magic {
		return nil, badinput.New("setup header magic").At(offMagic).Got("%q", m).Want("%q", magic).
			Fix("the blob holds neither an x86 kernel nor a FIT; is this the shim's image?")
	}
	h := &Header{
		Protocol:      binary.LittleEndian.Uint16(d[offVersion:]),
		PayloadOffset: int64(binary.LittleEndian.Uint32(d[offPayloadOffset:])),
		PayloadLength: int64(binary.LittleEndian.Uint32(d[offPayloadLength:])),
	}
	if h.Protocol < versionPayload {
		return nil, badinput.New("boot protocol").At(offVersion).
			Got("%d.%02d", h.Protocol>>8, h.Protocol&0xff).Want("2.08 or later")
	}
	sectors := int64(d[offSetupSects])
	if sectors == 0 {
		sectors = 4 // the protocol's words: for backwards compatibility
	}
	h.SetupSize = (sectors + 1) * sectorSize
	return h, nil
}

// Payload is the compressed kernel inside the protected-mode code.
func (h *Header) Payload(code io.ReaderAt, size int64) (*io.SectionReader, error) {
	if h.PayloadLength == 0 || h.PayloadOffset > size || h.PayloadLength > size-h.PayloadOffset {
		return nil, badinput.New("kernel payload").At(offPayloadOffset).
			Got("%d bytes at %d", h.PayloadLength, h.PayloadOffset).
			Want("a place inside the kernel's %d bytes", size)
	}
	return io.NewSectionReader(code, h.PayloadOffset, h.PayloadLength), nil
}

// SizeTrailer is the length of the uncompressed kernel that Kbuild appends to
// the payload of every compression but gzip, as 4 bytes.
func SizeTrailer(payload *io.SectionReader) (uint32, error) {
	var b [4]byte
	if payload.Size() < 4 {
		return 0, badinput.New("kernel payload").Got("%d bytes", payload.Size()).Want("at least 4")
	}
	if _, err := payload.ReadAt(b[:], payload.Size()-4); err != nil {
		return 0, fmt.Errorf("reading the payload's size: %w", err)
	}
	return binary.LittleEndian.Uint32(b[:]), nil
}

func cString(d []byte) string {
	for i, c := range d {
		if c == 0 {
			return string(d[:i])
		}
	}
	return ""
}
