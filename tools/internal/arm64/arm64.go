// Package arm64 reads the header of an ARM64 kernel Image, and knows its
// 32-bit cousin in order to refuse it by name.
//
//	h, err := arm64.Parse(image)
//
// Integers are little-endian. Sources: Documentation/arch/arm64/booting.rst
// and arch/arm/boot/compressed/head.S in Linux.
package arm64

import (
	"encoding/binary"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
)

const (
	// HeaderSize is how many bytes are looked at.
	HeaderSize = 64

	offTextOffset = 8
	offImageSize  = 16
	offFlags      = 24
	offMagic      = 0x38
	magic         = "ARM\x64"

	offZImageMagic = 0x24
	zImageMagic    = 0x016f2818

	flagBigEndian = 1

	// maxImageSize is far above what the kernel's own mapping allows.
	maxImageSize = 1 << 30
)

// Header is what the Image says about itself.
type Header struct {
	TextOffset uint64 // load offset from a 2 MiB boundary
	ImageSize  uint64 // in memory, 0 in kernels before 3.17
	Flags      uint64
}

// Is tells whether d starts an ARM64 Image.
func Is(d []byte) bool {
	return len(d) >= HeaderSize && string(d[offMagic:offMagic+4]) == magic
}

// IsZImage tells whether d starts a 32-bit ARM kernel.
func IsZImage(d []byte) bool {
	return len(d) >= HeaderSize && binary.LittleEndian.Uint32(d[offZImageMagic:]) == zImageMagic
}

// Parse reads the header of the uncompressed Image in d. Offsets in its errors
// are the Image's.
func Parse(d []byte) (*Header, error) {
	switch {
	case len(d) < HeaderSize:
		return nil, badinput.New("ARM64 Image").Got("%d bytes", len(d)).Want("at least %d", HeaderSize)
	case IsZImage(d):
		return nil, RefuseZImage()
	case !Is(d):
		e := badinput.New("ARM64 Image magic").At(offMagic).Got("%q", d[offMagic:offMagic+4]).Want("%q", magic)
		if c := compress.Detect(d); c != compress.None {
			e.Fix("the kernel is compressed with %s, and nothing says so: firmware would not boot it", c)
		}
		return nil, e
	}
	h := &Header{
		TextOffset: binary.LittleEndian.Uint64(d[offTextOffset:]),
		ImageSize:  binary.LittleEndian.Uint64(d[offImageSize:]),
		Flags:      binary.LittleEndian.Uint64(d[offFlags:]),
	}
	if h.ImageSize > maxImageSize {
		return nil, badinput.New("ARM64 Image size").At(offImageSize).Got("%d bytes", h.ImageSize).Want("at most %d", maxImageSize)
	}
	if h.Flags&flagBigEndian != 0 {
		return nil, badinput.New("ARM64 Image flags").At(offFlags).Got("a big-endian kernel").Want("a little-endian one")
	}
	return h, nil
}

// RefuseZImage is the error for a 32-bit ARM kernel.
func RefuseZImage() *badinput.Error {
	return badinput.New("kernel").Got("a 32-bit ARM zImage").Want("an ARM64 Image").
		Fix("32-bit ARM Chromebooks are not supported; take the shim of an ARM64 or x86 board")
}
