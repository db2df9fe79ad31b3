package traits

import "fmt"

// marks of what refuses, in the order of Rules.
const (
	lsm            mark = "Chromium OS LSM: "
	symlinkMounts  mark = "Mount path with symlinks prohibited"
	unsafeMounts   mark = "requires CAP_SYS_ADMIN in init ns"
	execShmem      mark = "memfd execution"
	bpf            mark = "bpf syscall blocked"
	overlay        mark = "Overlayfs mounts prohibited"
	loadPin        mark = "LoadPin: "
	ownPinning     mark = "old-api-denied" // LoadPin has it as well
	usermodeHelper mark = "/sbin/usermode-helper"
)

func (k *Kernel) rules() Rules {
	// ChromeOS' own security module. Kernels without it have none of its rules,
	// whatever their texts.
	module := k.seen(lsm)
	rule := func(m mark) Finding {
		if module.Answer == No {
			return Finding{No, module.Evidence + ": it is built without ChromeOS' security module"}
		}
		f := k.seen(m)
		if f.Answer == No {
			f.Evidence += ", though " + module.Evidence
		}
		return f
	}
	return Rules{
		SymlinkMounts:  rule(symlinkMounts),
		UnsafeMounts:   rule(unsafeMounts),
		ExecShmem:      rule(execShmem),
		Bpf:            rule(bpf),
		Overlay:        rule(overlay),
		Pinning:        k.pinning(rule(ownPinning)),
		UsermodeHelper: k.seen(usermodeHelper),
	}
}

// pinning tells which of the two there is: ChromeOS had one in its own security
// module, which f is about, before mainline took it up.
func (k *Kernel) pinning(f Finding) Finding {
	if mainline := k.seen(loadPin); mainline.Answer == Yes {
		return Finding{LoadPin, mainline.Evidence}
	}
	if f.Answer == Yes {
		return Finding{Own, fmt.Sprintf("%s, no %s", f.Evidence, loadPin)}
	}
	return Finding{None, fmt.Sprintf("no %s, %s", loadPin, f.Evidence)}
}
