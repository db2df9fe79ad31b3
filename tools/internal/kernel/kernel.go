// Package kernel takes a ChromeOS kernel blob apart: vboot's layers, the
// kernel inside, and the initramfs inside that.
//
//	blob, err := vboot.Parse(r, size)
//	k, err := kernel.Unpack(blob, kernel.Limits{Kernel: 256 << 20, Initramfs: 1 << 30})
//	report := k.Report()
package kernel

import (
	"bytes"
	"fmt"
	"io"
	"regexp"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/bzimage"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/vboot"
)

// Limits bound what the layers may decompress to, in bytes.
type Limits struct {
	Kernel    int64
	Initramfs int64
}

// Layer is one compression around something.
type Layer struct {
	Compression compress.Format `json:"compression"`
	Offset      int64           `json:"offset"` // in the layer outside
	Size        int64           `json:"size"`   // compressed bytes
	Unpacked    int64           `json:"unpackedSize"`
}

// Kernel is a blob taken apart.
type Kernel struct {
	Blob      *vboot.Blob
	Arch      string // as in uname -m
	Release   string // as in uname -r
	Banner    string // the "Linux version …" line
	Payload   Layer  // offset in the body
	Vmlinux   []byte // uncompressed kernel
	Initramfs *initramfs.Found
	Shim      *initramfs.Shim

	header *bzimage.Header
}

// maxRealMode bounds what is read of a vmlinuz header. Linux makes a real-mode
// part of at most 65 sectors (SETUP_SECT_MAX in arch/x86/boot/tools/build.c).
const maxRealMode = 64 << 10

// fdtMagic starts a flattened device tree, and so a FIT.
const fdtMagic = "\xd0\x0d\xfe\xed"

// Unpack takes the kernel out of blob. x86 kernels are supported.
func Unpack(blob *vboot.Blob, limits Limits) (*Kernel, error) {
	k := &Kernel{Blob: blob}
	if err := k.findHeader(); err != nil {
		return nil, err
	}
	if err := k.unpackPayload(limits.Kernel); err != nil {
		return nil, err
	}
	if err := k.identify(); err != nil {
		return nil, err
	}
	segments, err := initramfs.ELFSegments(k.Vmlinux)
	if err != nil {
		return nil, err
	}
	if k.Initramfs, err = initramfs.Locate(segments, limits.Initramfs); err != nil {
		return nil, err
	}
	k.Shim, err = initramfs.InspectShim(k.Initramfs.Entries)
	return k, err
}

// findHeader reads the setup header from the vmlinuz header chunk or, in
// blobs older than preamble 2.1, from the params page.
func (k *Kernel) findHeader() error {
	head := make([]byte, 4)
	if _, err := k.Blob.Body().ReadAt(head, 0); err != nil {
		return fmt.Errorf("reading the body: %w", err)
	}
	if string(head) == fdtMagic {
		return badinput.New("kernel").At(k.Blob.BodyOffset()).Got("a FIT, as ARM Chromebooks have").
			Want("an x86 bzImage").Fix("ARM kernels cannot be unpacked yet")
	}
	var err error
	if section := k.Blob.VmlinuzHeader(); section != nil {
		if section.Size() > maxRealMode {
			return badinput.New("vmlinuz header").Got("%d bytes", section.Size()).Want("at most %d", maxRealMode)
		}
		d, rerr := io.ReadAll(section)
		if rerr != nil {
			return fmt.Errorf("reading the vmlinuz header: %w", rerr)
		}
		k.header, err = bzimage.Parse(d)
	} else {
		page := make([]byte, 4096)
		if _, rerr := k.Blob.Body().ReadAt(page, k.Blob.ParamsOffset()); rerr != nil {
			return fmt.Errorf("reading the params page: %w", rerr)
		}
		k.header, err = bzimage.ParseParams(page)
	}
	return err
}

func (k *Kernel) unpackPayload(limit int64) error {
	payload, err := k.header.Payload(k.Blob.Body(), k.Blob.KernelSize())
	if err != nil {
		return err
	}
	if payload.Size() < compress.HeadSize {
		return badinput.New("kernel payload").At(k.Blob.BodyOffset()+k.header.PayloadOffset).
			Got("%d bytes", payload.Size()).Want("a compressed kernel")
	}
	head := make([]byte, compress.HeadSize)
	if _, err := payload.ReadAt(head, 0); err != nil {
		return fmt.Errorf("reading the kernel payload: %w", err)
	}
	format := compress.Detect(head)
	size := payload.Size()
	if format == compress.None && !bytes.HasPrefix(head, []byte("\x7fELF")) {
		return badinput.New("kernel payload").At(k.Blob.BodyOffset()+k.header.PayloadOffset).
			Got("bytes % x", head).Want("gzip, bzip2, lzma, xz, lz4, zstd or an ELF file")
	}
	if format != compress.None && format != compress.Gzip {
		size -= 4
	}
	k.Vmlinux, err = compress.ReadAll(format, io.NewSectionReader(payload, 0, size), limit)
	if err != nil {
		return fmt.Errorf("kernel payload: %w", err)
	}
	k.Payload = Layer{format, k.header.PayloadOffset, size, int64(len(k.Vmlinux))}
	if format == compress.None {
		return nil
	}
	return k.checkSize(payload)
}

// checkSize compares with the length that gzip itself, or else Kbuild, wrote
// behind the stream.
func (k *Kernel) checkSize(payload *io.SectionReader) error {
	want, err := bzimage.SizeTrailer(payload)
	if err != nil {
		return err
	}
	if uint32(len(k.Vmlinux)) != want {
		return badinput.New("uncompressed kernel").Got("%d bytes", len(k.Vmlinux)).
			Want("%d, the size behind its payload", want)
	}
	return nil
}

// identify finds the kernel's own name, the text of /proc/version.
func (k *Kernel) identify() error {
	banner := regexp.MustCompile(`Linux version (\S+) [^\x00\n]{1,500}`)
	m := banner.FindSubmatch(k.Vmlinux)
	if m == nil {
		return badinput.New("uncompressed kernel").Got("no text \"Linux version …\"").Want("a Linux kernel")
	}
	k.Banner, k.Release, k.Arch = string(m[0]), string(m[1]), "x86_64"
	if len(k.Vmlinux) > 4 && k.Vmlinux[4] == 1 {
		k.Arch = "i686"
	}
	return nil
}

// Vmlinuz writes a bzImage: the real-mode part followed by the body. It is
// false for blobs that do not carry the real-mode part.
func (k *Kernel) Vmlinuz() (io.Reader, bool) {
	header := k.Blob.VmlinuzHeader()
	if header == nil {
		return nil, false
	}
	return io.MultiReader(header, k.Blob.Body()), true
}
