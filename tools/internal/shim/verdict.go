package kernel

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/vboot"
)

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
	takeOlder = "look for an older RMA shim of the board that does not check; cros_debug cannot be added, the command line is signed"
)

// verityEnforced: the newer shims check ROOT-A unless cros_debug is given, and
// the command line is signed, so nobody can add it.
func verityEnforced(cmdline string, shim *initramfs.Shim) bool {
	return shim.UsesVerity && !slices.Contains(strings.Fields(cmdline), "cros_debug")
}

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

// verdict lists what a shim needs and this kernel lacks. What was not
// recognised counts as lacking.
func verdict(r *Report, flags vboot.Flags, shim *initramfs.Shim) Verdict {
	v := Verdict{OK: true}
	lack := func(bad bool, format string, args ...any) {
		if bad {
			v.Deny(fmt.Sprintf(format, args...), takeShim)
		}
	}
	lack(!flags.Shim(), "its keyblock is for %s, not for recovery mode with the developer switch on", flags.Meaning())
	lack(recovers(r.Cmdline), "it is a recovery image's kernel (cros_recovery and kern_b_hash on its command line)")
	lack(r.Initramfs.Default, "its initramfs is the kernel's default, with nothing to run")
	lack(!r.Initramfs.Default && !r.Initramfs.HasInit, "its initramfs has no /init")
	lack(r.Initramfs.HasInit && shim.Bootstrap == "",
		"its initramfs has no script that starts ROOT-A (looked for switch_root and tmpfs in shell scripts)")
	if r.VerityEnforced {
		v.Deny(fmt.Sprintf("it checks the signature of ROOT-A (%s in /%s), and cros_debug is not on its command line",
			r.VerityEvidence, shim.VerityScript), takeOlder)
	}
	lack(!strings.Contains(r.Cmdline, "kern_guid=%U"), "its command line lacks kern_guid=%%U")
	lack(!namesNextPartition(r.Cmdline), "its command line lacks PARTUUID=%%U/PARTNROFF=1, the partition next to the kernel")
	return v
}
