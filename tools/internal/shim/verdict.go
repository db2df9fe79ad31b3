// Package shim judges whether a kernel can do what an RMA shim's does: be
// started by firmware in recovery mode, and start a ROOT-A that was changed.
//
//	scripts, err := shim.ReadScripts(initramfs.Entries)
//	verdict := shim.Judge(shim.Facts{Flags: flags, Cmdline: cmdline, HasInit: true, Scripts: scripts})
package shim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"shimboot/tools/internal/vboot"
)

// Facts are what a kernel is judged by.
type Facts struct {
	Flags            vboot.Flags // of its keyblock
	Cmdline          string
	DefaultInitramfs bool // Kbuild's own, with nothing to run
	HasInit          bool // the initramfs has /init
	Scripts          *Scripts
	// ExecShmemEvidence is why it is known that the kernel starts no program from
	// a tmpfs, "" where it is not.
	ExecShmemEvidence string
}

// VerityEnforced tells that ROOT-A is checked: the newer shims do so unless
// cros_debug is given, and the command line is signed, so nobody can add it.
func (f *Facts) VerityEnforced() bool {
	return f.Scripts.UsesVerity && !slices.Contains(strings.Fields(f.Cmdline), "cros_debug")
}

// Verdict is a yes or a list of reasons for a no.
type Verdict struct {
	OK      bool     `json:"ok"`
	Reasons []string `json:"reasons,omitempty"`
	Remedy  string   `json:"remedy,omitempty"` // against the first of them
}

// Deny adds a reason for a no.
func (v *Verdict) Deny(reason, remedy string) {
	if v.OK = false; v.Remedy == "" {
		v.Remedy = remedy
	}
	v.Reasons = append(v.Reasons, reason)
}

const (
	takeShim  = "take the RMA shim of the board: recovery images and others start no ROOT-A but their own"
	takeOther = "take another release of the board's RMA shim: those from before autumn 2022 do not have that rule, later ones are built without it"
	takeOlder = "look for an older RMA shim of the board that does not check; cros_debug cannot be added, the command line is signed"
)

// namesNextPartition: the command line takes the root from behind the kernel's
// partition, by root= itself or by the device of a dm= that root= leads to.
func namesNextPartition(cmdline string) bool {
	return regexp.MustCompile(`PARTUUID=%U/PARTNROFF=1\b`).MatchString(cmdline)
}

// recovers: the kernel is a recovery image's, which starts nothing but the
// recovery. ChromeOS tells its images apart by the same two words; that of an
// RMA shim is cros_factory_install.
func recovers(cmdline string) bool {
	words := strings.Fields(cmdline)
	return slices.Contains(words, "cros_recovery") &&
		slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "kern_b_hash=") })
}

// Judge lists what a shim needs and this kernel lacks. What was not recognised
// counts as lacking.
func Judge(f Facts) Verdict {
	v := Verdict{OK: true}
	lack := func(bad bool, format string, args ...any) {
		if bad {
			v.Deny(fmt.Sprintf(format, args...), takeShim)
		}
	}
	lack(!f.Flags.Shim(), "its keyblock is for %s, not for recovery mode with the developer switch on", f.Flags.Meaning())
	lack(recovers(f.Cmdline), "it is a recovery image's kernel (cros_recovery and kern_b_hash on its command line)")
	lack(f.DefaultInitramfs, "its initramfs is the kernel's default, with nothing to run")
	lack(!f.DefaultInitramfs && !f.HasInit, "its initramfs has no /init")
	lack(f.HasInit && f.Scripts.Bootstrap == "",
		"its initramfs has no script that starts ROOT-A (looked for switch_root and tmpfs in shell scripts)")
	if f.VerityEnforced() {
		v.Deny(fmt.Sprintf("it checks the signature of ROOT-A (%s in /%s), and cros_debug is not on its command line",
			f.Scripts.VerityEvidence, f.Scripts.VerityScript), takeOlder)
	}
	if f.ExecShmemEvidence != "" {
		v.Deny(fmt.Sprintf("it starts no program from a tmpfs (%s), and ROOT-A is unpacked into one", f.ExecShmemEvidence), takeOther)
	}
	lack(!strings.Contains(f.Cmdline, "kern_guid=%U"), "its command line lacks kern_guid=%%U")
	lack(!namesNextPartition(f.Cmdline), "its command line lacks PARTUUID=%%U/PARTNROFF=1, the partition next to the kernel")
	return v
}
