// Package vboot parses and verifies a ChromeOS kernel blob, the content of a
// KERN-A partition:
//
//	keyblock   header, signature and hash of itself, the data key
//	preamble   sizes, load addresses, signature of the body
//	body       kernel, command line, params page, bootloader stub, header
//
//	b, err := vboot.Parse(r, size)
//	cmdline := b.Cmdline()
//	checks, err := b.Verify(nil)
//
// All integers are little-endian. The shapes are those of vboot_reference,
// firmware/2lib/include/2struct.h and host/lib/include/kernel_blob.h.
package vboot

import (
	"crypto/rsa"
	"io"
	"strings"

	"shimboot/tools/internal/badinput"
)

const (
	// VblockLimit bounds keyblock and preamble together: firmware reads this
	// much of the partition before it knows any size.
	VblockLimit = 64 << 10

	// Alignment of every chunk in the body, and the size of two of them.
	chunk       = 4096
	cmdlineSize = 4096
	paramsSize  = 4096
)

// Blob is a parsed kernel blob over its partition.
type Blob struct {
	Keyblock Keyblock
	Preamble Preamble

	r      io.ReaderAt
	vblock []byte // keyblock and preamble
	config []byte // the command line's page
}

// Keyblock is the first structure of the blob.
type Keyblock struct {
	Major, Minor uint32
	Size         uint32
	Signature    Signature
	Hash         Signature
	Flags        Flags
	DataKey      Key
}

// Preamble is the second structure, signed with the keyblock's data key.
type Preamble struct {
	Offset               uint32 // in the blob: the keyblock's size
	Size                 uint32
	Major, Minor         uint32
	Signature            Signature
	KernelVersion        uint32
	BodyLoadAddress      uint64
	BootloaderAddress    uint64
	BootloaderSize       uint32
	BodySignature        Signature
	VmlinuzHeaderAddress uint64 // since 2.1
	VmlinuzHeaderSize    uint32 // since 2.1
	Flags                uint32 // since 2.2
}

// Signature is where a signature or hash stands and how much it covers.
type Signature struct {
	Offset   uint64 // in the blob
	Size     uint32
	DataSize uint32 // bytes covered, from the start of the structure
}

// Key is an RSA public key with its algorithm.
type Key struct {
	Algorithm Algorithm
	Version   uint32
	Public    *rsa.PublicKey
	Raw       []byte // as packed, the bytes that vboot's SHA-1 names keys by

	end uint64 // of the key data, in the structure that has the key
}

// BodyOffset is where the body starts in the blob.
func (b *Blob) BodyOffset() int64 {
	return int64(b.Keyblock.Size) + int64(b.Preamble.Size)
}

// BodySize is the length of the signed body.
func (b *Blob) BodySize() int64 { return int64(b.Preamble.BodySignature.DataSize) }

// Size is the length of the blob: everything the firmware looks at.
func (b *Blob) Size() int64 { return b.BodyOffset() + b.BodySize() }

// Body reads from the signed body, offset 0 being its first byte.
func (b *Blob) Body() *io.SectionReader {
	return io.NewSectionReader(b.r, b.BodyOffset(), b.BodySize())
}

// BootloaderOffset is where the stub starts in the body; the params page and
// the command line stand right before it.
func (b *Blob) BootloaderOffset() int64 {
	return int64(b.Preamble.BootloaderAddress - b.Preamble.BodyLoadAddress)
}

// CmdlineOffset is where the command line's page starts in the body.
func (b *Blob) CmdlineOffset() int64 { return b.BootloaderOffset() - paramsSize - cmdlineSize }

// ParamsOffset is where the params ("zero") page starts in the body.
func (b *Blob) ParamsOffset() int64 { return b.BootloaderOffset() - paramsSize }

// VmlinuzHeader is the real-mode part of the bzImage, nil where the preamble
// is older than 2.1 or the kernel is not an x86 one.
func (b *Blob) VmlinuzHeader() *io.SectionReader {
	if b.Preamble.VmlinuzHeaderSize == 0 {
		return nil
	}
	off := int64(b.Preamble.VmlinuzHeaderAddress - b.Preamble.BodyLoadAddress)
	return io.NewSectionReader(b.Body(), off, int64(b.Preamble.VmlinuzHeaderSize))
}

// KernelSize is the length of the first chunk of the body: the protected-mode
// kernel on x86, a FIT on ARM, up to the command line.
func (b *Blob) KernelSize() int64 { return b.CmdlineOffset() }

// Cmdline is the kernel command line without padding. Where a lone "--"
// stands in it, the words before are arguments of an old boot stub.
func (b *Blob) Cmdline() string {
	s := string(b.config)
	if i := strings.IndexByte(s, 0); i >= 0 {
		s = s[:i]
	}
	if i := strings.Index(" "+s, " -- "); i >= 0 {
		s = s[i+3:]
	}
	return strings.TrimSpace(s)
}

func checkBodyRange(what string, off, size, body int64) error {
	if off < 0 || size < 0 || off > body || size > body-off {
		return badinput.New("%s", what).Got("%d bytes at %d of the body", size, off).
			Want("a place inside its %d bytes", body)
	}
	return nil
}
