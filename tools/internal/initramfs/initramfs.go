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
	"encoding/binary"
	"fmt"
	"io/fs"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/cpio"
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
		list = append(list, Segment{Address: p.Vaddr, Offset: int64(p.Off), Data: vmlinux[p.Off : p.Off+p.Filesz], Word: word})
	}
	return list, nil
}

// smallest archive: one entry and a trailer.
const smallest = 2 * 112

// Locate finds the one archive in the segments. limit bounds what any
// candidate may decompress to.
func Locate(segments []Segment, limit int64) (*Found, error) {
	var found []*Found
	for _, s := range segments {
		for _, c := range s.candidates() {
			if f := s.try(c, limit); f != nil {
				found = append(found, f)
			}
		}
	}
	found = preferInit(found)
	switch len(found) {
	case 0:
		return nil, badinput.New("built-in initramfs").Got("none in the kernel").
			Want("one").Fix("a ChromeOS RMA shim has one; is this the shim's image?")
	case 1:
		return found[0], nil
	}
	return nil, badinput.New("built-in initramfs").Got("%d that are equally good: %s", len(found), places(found)).Want("one")
}

// preferInit drops the archives without /init when one has it.
func preferInit(found []*Found) []*Found {
	var with []*Found
	for _, f := range found {
		if f.HasInit() {
			with = append(with, f)
		}
	}
	if len(with) > 0 {
		return with
	}
	return found
}

func places(found []*Found) string {
	var b bytes.Buffer
	for i, f := range found {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d bytes at %d", f.Size, f.Offset)
	}
	return b.String()
}

// candidate is a range of a segment's data.
type candidate struct{ start, size int }

// candidates lists the ranges that a length word points back over.
func (s *Segment) candidates() []candidate {
	var list []candidate
	first := int(-s.Address & 7) // the word is 8-aligned in memory
	for at := first; at+s.Word <= len(s.Data); at += 8 {
		size := s.wordAt(at)
		if size < smallest || size > uint64(at) {
			continue
		}
		// The gap between the end and the word is what 8-alignment takes.
		for gap := 0; gap < 8 && int(size)+gap <= at; gap++ {
			start := at - gap - int(size)
			if (s.Address+uint64(start))%4 == 0 && known(s.Data[start:at]) {
				list = append(list, candidate{start, int(size)})
			}
		}
	}
	return list
}

func (s *Segment) wordAt(at int) uint64 {
	if s.Word == 4 {
		return uint64(binary.LittleEndian.Uint32(s.Data[at:]))
	}
	return binary.LittleEndian.Uint64(s.Data[at:])
}

func known(d []byte) bool {
	return isCpio(d) || compress.Detect(d) != compress.None
}

func isCpio(d []byte) bool {
	return bytes.HasPrefix(d, []byte("070701")) || bytes.HasPrefix(d, []byte("070702"))
}

// try decompresses and parses a candidate; nil when it is no archive.
func (s *Segment) try(c candidate, limit int64) *Found {
	data := s.Data[c.start : c.start+c.size]
	f := &Found{Offset: s.Offset + int64(c.start), Size: int64(c.size), Compression: compress.None, Cpio: data}
	if !isCpio(data) {
		f.Compression = compress.Detect(data)
		out, err := compress.ReadAll(f.Compression, bytes.NewReader(data), limit)
		if err != nil {
			return nil
		}
		f.Cpio = out
	}
	entries, err := cpio.Read(bytes.NewReader(f.Cpio), int64(len(f.Cpio)))
	if err != nil {
		return nil
	}
	f.Entries = entries
	return f
}
