package main

import (
	"strings"

	"shimboot/tools/internal/traits"
)

// rules says what the kernel forbids, and what that means for what is started
// from the stick.
func (p *printer) rules(r *traits.Rules) {
	name := "refuses"
	say := func(f traits.Finding, answer traits.Answer, text string) {
		if f.Answer == answer {
			p.list(name, text)
			name = ""
		}
	}
	say(r.SymlinkMounts, traits.Yes, "to mount through a symlink: systemd has to be the patched one")
	say(r.UnsafeMounts, traits.Yes, "mounts of users that are not nosuid, nodev and noexec: no Nix sandbox; bubblewrap, Flatpak and Steam only with bwrap setuid root")
	say(r.ExecShmem, traits.Yes, "programs in a tmpfs: this shim cannot boot")
	say(r.Bpf, traits.Yes, "bpf(2): systemd starts units without their filters of devices and addresses, containers of root do not start")
	say(r.Overlay, traits.Yes, "mounts of type overlay")
	say(r.Pinning, traits.LoadPin, "modules and firmware from a second file system, until kernel.loadpin.enforce is 0 (LoadPin)")
	say(r.Pinning, traits.Own, "modules and firmware from a second file system, until kernel.chromiumos.module_locking is 0; after the first from one that cannot be written to, for good")
	say(r.UsermodeHelper, traits.Yes, "to start programs by itself other than /sbin/usermode-helper")
	if name != "" {
		p.row(name, "nothing that Linux allows, as far as its texts tell")
	}
}

// list is a row among several of one name.
func (p *printer) list(name, text string) {
	lines := wrap(text, lineWidth-2)
	p.row(name, "- %s", lines[0])
	for _, line := range lines[1:] {
		p.row("", "  %s", line)
	}
}

func (p *printer) abilities(a traits.Abilities) {
	for _, row := range []struct {
		name   string
		answer traits.Answer
	}{{"has", traits.Yes}, {"has not", traits.No}, {"not known", traits.Unknown}} {
		if names := a.Names(row.answer); len(names) > 0 {
			p.wrapped(row.name, strings.Join(names, ", "))
		}
	}
}
