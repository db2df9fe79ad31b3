package main

import (
	"fmt"
	"io"

	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/kernel"
)

// describeZip says how much of a zip had to be inflated.
func describeZip(w io.Writer, img *diskimage.Image) {
	if img.Zip() {
		fmt.Fprintf(w, "zip        %d of %d bytes inflated\n", img.Inflated(), img.Size())
	}
}

// describeLayers says where the layers are, each in the one around it.
func describeLayers(w io.Writer, k *kernel.Kernel) {
	b := k.Blob
	fmt.Fprintf(w, "keyblock   at 0, %d bytes\n", b.Keyblock.Size)
	fmt.Fprintf(w, "preamble   at %d, %d bytes\n", b.Preamble.Offset, b.Preamble.Size)
	fmt.Fprintf(w, "body       at %d, %d bytes\n", b.BodyOffset(), b.BodySize())
	fmt.Fprintf(w, "kernel     at %d of the body, %d bytes, %s, %d unpacked\n",
		k.Payload.Offset, k.Payload.Size, k.Payload.Compression, k.Payload.Unpacked)
	fmt.Fprintf(w, "initramfs  at %d of the kernel, %d bytes, %s, %d unpacked, %d entries\n",
		k.Initramfs.Offset, k.Initramfs.Size, k.Initramfs.Compression, len(k.Initramfs.Cpio), len(k.Initramfs.Entries))
}
