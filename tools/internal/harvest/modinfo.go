package harvest

import (
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"strconv"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/harvest/report"
)

// elfMachineOffset is where an ELF header has e_machine.
const elfMachineOffset = 18

// Bounds on the section: the largest in Linux have some 20 KiB, and the names
// of 600 files of firmware.
const (
	maxModinfo  = 4 << 20
	maxFirmware = 4096
	maxModinfos = 32 << 20 // bytes of what is kept of all modules
	// maxTables is what may be read to find the section: an ELF's tables may be
	// said to be as large as the file, which is holes.
	maxTables = 32 << 20
)

// budget reads at most left bytes.
type budget struct {
	io.ReaderAt
	left int64
}

var errBudget = errors.New("tables of more than " + strconv.Itoa(maxTables) + " bytes")

func (b *budget) ReadAt(p []byte, off int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errBudget
	}
	return b.ReaderAt.ReadAt(p, off)
}

// modinfo is what a module says of itself: the kernel's include/linux/module.h
// puts "key=value" strings, each ended by a NUL, into the section .modinfo.
type modinfo struct {
	name     string // empty before Linux 4.13
	vermagic string
	firmware []string
	machine  elf.Machine
}

// readModinfo reads it from a module of size bytes.
func readModinfo(r io.ReaderAt, size int64) (*modinfo, error) {
	head := make([]byte, min(size, 6))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if !bytes.HasPrefix(head, []byte(elf.ELFMAG)) {
		return nil, badinput.New("module").At(0).Got("%s", describe(head)).Want("an ELF object")
	}
	f, err := elf.NewFile(&budget{io.NewSectionReader(r, 0, size), maxTables})
	if err != nil {
		return nil, badinput.New("module").Got("an ELF header with errors (%v)", err).Want("an ELF object")
	}
	section := f.Section(".modinfo")
	if f.Type != elf.ET_REL || section == nil || section.Type != elf.SHT_PROGBITS {
		return nil, badinput.New("module").Got("%s without a section .modinfo", f.Type).Want("a kernel module")
	}
	data, err := io.ReadAll(io.LimitReader(section.Open(), maxModinfo+1))
	if err != nil || len(data) > maxModinfo {
		return nil, badinput.New("section .modinfo").At(int64(section.Offset)).
			Got("%d bytes", section.Size).Want("at most %d, inside the file", maxModinfo)
	}
	m := &modinfo{machine: f.Machine}
	for entry := range bytes.SplitSeq(data, []byte{0}) {
		key, value, _ := strings.Cut(string(entry), "=")
		switch key {
		case "name":
			m.name = value
		case "vermagic":
			m.vermagic = value
		case "firmware":
			m.firmware = append(m.firmware, value)
		}
	}
	if n := len(m.firmware); n > maxFirmware {
		return nil, badinput.New("section .modinfo").At(int64(section.Offset)).
			Got("%d names of firmware", n).Want("at most %d", maxFirmware)
	}
	return m, nil
}

// bytes is what it takes in memory, more or less.
func (m *modinfo) bytes() int64 {
	n := len(m.name) + len(m.vermagic)
	for _, name := range m.firmware {
		n += len(name) + 32
	}
	return int64(n)
}

// describe says what a file that is no ELF begins with.
func describe(head []byte) string {
	if len(head) == 0 {
		return "an empty file"
	}
	if f := compress.Detect(head); f != compress.None {
		return string(f) + " data"
	}
	return "bytes " + quoted(head)
}

func (m *modinfo) checkRelease(want string) error {
	release, _, _ := strings.Cut(m.vermagic, " ")
	if release == want {
		return nil
	}
	found := "no vermagic"
	if m.vermagic != "" {
		found = "vermagic " + quoted([]byte(m.vermagic))
	}
	return badinput.New("module").Got("%s", found).Want("one for %s, the kernel's release", want).
		Fix("the kernel would refuse it")
}

// nameOr gives the module's name, from its file's where it does not say.
func (m *modinfo) nameOr(file string) string {
	if m.name != "" {
		return m.name
	}
	return report.ModuleName(file)
}
