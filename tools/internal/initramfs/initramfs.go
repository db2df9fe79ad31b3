// Package initramfs finds the archive that is built into a Linux kernel.
//
//	segments, err := initramfs.ELFSegments(vmlinux)
//	found, err := initramfs.Locate(segments, limit)
//	os.WriteFile("initramfs.cpio", found.Cpio, 0o644)
//
// A kernel carries several things that look like an archive (its own
// configuration, headers, firmware), so the magic alone proves nothing. The
// linker script (include/asm-generic/vmlinux.lds.h, INIT_RAM_FS) puts the
// archive at a 4-aligned address and right behind it, 8-aligned, a word with
// its exact length. Locate looks for that word: each one whose value leads
// back to the start of a known format, whose bytes decompress to a whole
// archive, is a candidate, and exactly one has to remain.
package initramfs

import (
	"bytes"
	"debug/elf"
	"io/fs"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/tree"
)

// Segment is a part of a kernel in memory.
type Segment struct {
	Address uint64 // virtual, of the first byte; alignment is what matters
	Offset  int64  // in the file
	Data    []byte
	Word    int // bytes of a long: 8 or 4
}

// Found is the archive of a kernel.
type Found struct {
	Offset      int64 // in the uncompressed kernel
	Size        int64 // bytes there, compressed
	Compression compress.Format
	Cpio        []byte // decompressed, as the kernel would unpack it
	Entries     []*tree.Entry
}

// Default tells whether this is the archive that Kbuild makes when it is given
// none: /dev, /dev/console and /root.
func (f *Found) Default() bool {
	for _, e := range f.Entries {
		if e.Mode.IsRegular() || e.Mode.Type() == fs.ModeSymlink {
			return false
		}
	}
	return true
}

// HasInit tells whether the kernel would run something from it.
func (f *Found) HasInit() bool {
	for _, e := range f.Entries {
		if e.Path == "init" {
			return true
		}
	}
	return false
}

// maxSegments bounds the work: all of them are searched, and they may be the
// same bytes. A kernel has four or five.
const maxSegments = 16

// ELFSegments are the file-backed parts of a vmlinux.
func ELFSegments(vmlinux []byte) ([]Segment, error) {
	f, err := elf.NewFile(bytes.NewReader(vmlinux))
	if err != nil {
		return nil, badinput.New("uncompressed kernel").Got("%v", err).Want("an ELF file")
	}
	word := 8
	if f.Class == elf.ELFCLASS32 {
		word = 4
	}
	var list []Segment
	for _, p := range f.Progs {
		size := uint64(len(vmlinux))
		if p.Type != elf.PT_LOAD || p.Filesz == 0 {
			continue
		}
		if p.Off > size || p.Filesz > size-p.Off {
			return nil, badinput.New("ELF segment").At(int64(p.Off)).Got("%d bytes", p.Filesz).
				Want("a place inside the kernel's %d bytes", size)
		}
		if len(list) == maxSegments {
			return nil, badinput.New("uncompressed kernel").Got("more than %d ELF segments", maxSegments).Want("at most that")
		}
		list = append(list, Segment{Address: p.Vaddr, Offset: int64(p.Off), Data: vmlinux[p.Off : p.Off+p.Filesz], Word: word})
	}
	return list, nil
}
