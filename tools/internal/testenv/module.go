package testenv

import (
	"debug/elf"
	"encoding/binary"
	"strings"
)

// Module makes what kmod takes for a kernel module of x86-64: an ELF object
// whose section .modinfo has the strings, such as "firmware=a.bin".
func Module(info ...string) []byte {
	const header, entry, sections = 64, 64, 3
	le := binary.LittleEndian
	modinfo := strings.Join(info, "\x00") + "\x00"
	names := "\x00.modinfo\x00.shstrtab\x00"
	at := uint64(header)
	section := func(name, kind uint32, content string) elf.Section64 {
		s := elf.Section64{Name: name, Type: kind, Off: at, Size: uint64(len(content)), Addralign: 1}
		at += s.Size
		return s
	}
	table := []elf.Section64{{}, section(1, uint32(elf.SHT_PROGBITS), modinfo), section(10, uint32(elf.SHT_STRTAB), names)}
	pad := -at & 7
	h := elf.Header64{
		Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), 1},
		Type:  uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: 1,
		Shoff: at + pad, Ehsize: header, Shentsize: entry, Shnum: sections, Shstrndx: sections - 1,
	}
	var d []byte
	for _, part := range []any{h, []byte(modinfo), []byte(names), make([]byte, pad), table} {
		var err error
		if d, err = binary.Append(d, le, part); err != nil {
			panic(err) // all parts have a fixed size
		}
	}
	return d
}
