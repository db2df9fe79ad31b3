package kernel

import (
	"bytes"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/bzimage"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/initramfs"
)

// maxRealMode bounds what is read of a vmlinuz header. Linux makes a real-mode
// part of at most 65 sectors (SETUP_SECT_MAX in arch/x86/boot/tools/build.c).
const maxRealMode = 64 << 10

// unpackX86 takes the ELF file out of a bzImage.
func (k *Kernel) unpackX86(limit int64) ([]initramfs.Segment, error) {
	if err := k.findHeader(); err != nil {
		return nil, err
	}
	if err := k.unpackPayload(limit); err != nil {
		return nil, err
	}
	k.Arch = "x86_64"
	if len(k.Vmlinux) > 4 && k.Vmlinux[4] == 1 { // ELFCLASS32
		k.Arch = "i686"
	}
	return initramfs.ELFSegments(k.Vmlinux)
}

// findHeader reads the setup header from the vmlinuz header chunk or, in
// blobs older than preamble 2.1, from the params page.
func (k *Kernel) findHeader() error {
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
	if format == compress.None && !bytes.HasPrefix(head, []byte("\x7fELF")) {
		return badinput.New("kernel payload").At(k.Blob.BodyOffset()+k.header.PayloadOffset).
			Got("bytes % x", head).Want("gzip, bzip2, lzma, xz, lzo, lz4, zstd or an ELF file")
	}
	return k.decompress(format, payload, limit)
}

// decompress compares with the length that gzip itself, or else Kbuild, wrote
// behind the stream.
func (k *Kernel) decompress(format compress.Format, payload *io.SectionReader, limit int64) error {
	size, want := payload.Size(), payload.Size()
	if format != compress.None {
		trailer, err := bzimage.SizeTrailer(payload)
		if err != nil {
			return err
		}
		if format != compress.Gzip {
			size -= 4
		}
		want = int64(trailer)
	}
	var err error
	k.Vmlinux, err = compress.ReadSized(format, io.NewSectionReader(payload, 0, size), want, limit)
	if err != nil {
		return fmt.Errorf("kernel payload: %w", err)
	}
	if uint32(len(k.Vmlinux)) != uint32(want) {
		return badinput.New("uncompressed kernel").Got("%d bytes", len(k.Vmlinux)).
			Want("%d, the size behind its payload", want)
	}
	k.Payload = Layer{format, k.header.PayloadOffset, size, int64(len(k.Vmlinux))}
	return nil
}
