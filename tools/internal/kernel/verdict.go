package kernel

import (
	"regexp"
	"slices"
	"strings"

	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/vboot"
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

// verdict lists what a shim needs and this kernel lacks. What was not
// recognised counts as lacking.
func verdict(r *Report, flags vboot.Flags, shim *initramfs.Shim) Verdict {
	v := Verdict{OK: true}
	say := func(bad bool, format string, args ...any) {
		if bad {
			v.Deny(format, args...)
		}
	}
	say(!flags.Shim(), "its keyblock is for %s, not for recovery mode with the developer switch on", flags.Meaning())
	say(r.Initramfs.Default, "its initramfs is the kernel's default, with nothing to run")
	say(!r.Initramfs.Default && !r.Initramfs.HasInit, "its initramfs has no /init")
	say(r.Initramfs.HasInit && shim.Bootstrap == "",
		"its initramfs has no script that starts ROOT-A (looked for switch_root and tmpfs in shell scripts)")
	say(r.VerityEnforced, "it checks the signature of ROOT-A (%s in /%s), and cros_debug is not on its command line",
		r.VerityEvidence, shim.VerityScript)
	say(!strings.Contains(r.Cmdline, "kern_guid=%U"), "its command line lacks kern_guid=%%U")
	say(!namesNextPartition(r.Cmdline), "its command line lacks PARTUUID=%%U/PARTNROFF=1, the partition next to the kernel")
	return v
}
