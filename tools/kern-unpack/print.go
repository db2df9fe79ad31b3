package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/shim"
	"shimboot/tools/internal/terminal"
)

// lineWidth is for text that is wrapped, without the name of its row.
const lineWidth = 80

// maxConfigurations keeps a FIT for a hundred boards on one screen.
const maxConfigurations = 12

// printer writes a report for people: rows with a name in front.
type printer struct {
	w   io.Writer
	err error // of writing
}

func (p *printer) row(name, format string, args ...any) {
	text := terminal.Printable(fmt.Sprintf(format, args...))
	_, err := fmt.Fprintf(p.w, "%-13s %s\n", terminal.Printable(name), text)
	p.err = errors.Join(p.err, err)
}

// wrapped is a row of as many lines as it takes.
func (p *printer) wrapped(name, text string) {
	for _, line := range wrap(text, lineWidth) {
		p.row(name, "%s", line)
		name = ""
	}
}

func (p *printer) kernel(r *kernel.Report) {
	if r.Board != "" {
		p.row("board", "%s, as the initramfs says", r.Board)
	}
	p.row("kernel", "Linux %s, %s, %s", r.KernelRelease, r.Arch, layer(r.Payload))
	content := "nothing to run, Kbuild's default"
	switch {
	case r.Initramfs.HasInit:
		content = fmt.Sprintf("%d entries, with /init", r.Initramfs.Entries)
	case !r.Initramfs.Default:
		content = fmt.Sprintf("%d entries, without /init", r.Initramfs.Entries)
	}
	if n := len(r.BusyboxApplets); n > 0 {
		content += fmt.Sprintf(", busybox with %d applets", n)
	}
	p.row("initramfs", "%s: %s", layer(r.Initramfs.Layer), content)
	p.config(r)
}

func (p *printer) config(r *kernel.Report) {
	switch {
	case r.ConfigFile != "":
		p.row(".config", "in /%s, %s", r.ConfigFile, bytesize.Format(r.Config.Unpacked))
	case r.Config != nil:
		p.row(".config", "in the kernel, %s", bytesize.Format(r.Config.Unpacked))
	case r.ConfigFault != "":
		p.wrapped(".config", r.ConfigFault)
	default:
		p.row(".config", "not in the kernel")
	}
}

func (p *printer) fit(f *kernel.FITReport) {
	if f == nil {
		return
	}
	p.row("FIT", "%s, kernel image %s, compression %s; configurations and their boards:",
		bytesize.Format(f.Size), f.Kernel.Name, f.Kernel.Compression)
	for i, c := range f.Configurations {
		if i == maxConfigurations {
			p.row("", "and %d more: see --json", len(f.Configurations)-i)
			break
		}
		boards := strings.Join(c.Compatible, ", ")
		if boards == "" {
			boards = "for no board by name"
		}
		if c.Name == f.Configuration {
			boards += " (taken)"
		}
		p.wrapped("  "+c.Name, boards)
	}
}

func (p *printer) vboot(r *kernel.Report, bad error) {
	v := &r.Vboot
	p.row("vboot", "keyblock %s, preamble %s, kernel version %d, body of %s",
		v.KeyblockVersion, v.PreambleVersion, v.KernelVersion, bytesize.Format(v.BodySize))
	p.row("signed for", "%s: %s", v.KeyblockMeaning, v.KeyblockFlags)
	key := "no key of vboot's developers"
	if v.DeveloperKey != "" {
		key = "vboot's developer key " + v.DeveloperKey
	}
	p.row("key", "%s, %s", v.DataKey, key)
	p.row("", "sha1 %s", v.DataKeySHA1)
	if bad != nil {
		p.row("signatures", "BAD: %v", bad)
	} else {
		p.row("signatures", "good, by the key in the keyblock (verify --key checks who signed that)")
	}
}

// root is about what the kernel starts.
func (p *printer) root(r *kernel.Report) {
	p.wrapped("command line", r.Cmdline)
	switch {
	case r.VerityEnforced:
		p.row("ROOT-A", "its signature is checked: %s", r.VerityEvidence)
	case r.VerityEvidence != "":
		p.row("ROOT-A", "its signature would be checked but for cros_debug: %s", r.VerityEvidence)
	case r.Initramfs.HasInit:
		p.row("ROOT-A", "no script checks its signature")
	}
	if r.RootTmpfsBytes > 0 {
		p.row("", "at most %d MiB, the initramfs' tmpfs", r.RootTmpfsBytes>>20)
	}
}

func (p *printer) verdict(v shim.Verdict) {
	if v.OK {
		p.row("as a shim", "bootable: yes")
		return
	}
	p.row("as a shim", "bootable: no, because")
	for _, reason := range v.Reasons {
		p.list("", reason)
	}
	p.wrapped("what to do", v.Remedy)
}

func layer(l kernel.Layer) string {
	if l.Compression == "none" {
		return "not compressed, " + bytesize.Format(l.Unpacked)
	}
	return fmt.Sprintf("%s of %s, %s unpacked", l.Compression, bytesize.Format(l.Size), bytesize.Format(l.Unpacked))
}

// wrap breaks text at spaces into lines of at most width bytes.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
