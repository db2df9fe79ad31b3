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
	return Rules{
		SymlinkMounts:  k.rule(symlinkMounts),
		UnsafeMounts:   k.rule(unsafeMounts),
		ExecShmem:      k.rule(execShmem),
		Bpf:            k.rule(bpf),
		Overlay:        k.rule(overlay),
		Pinning:        k.pinning(),
		UsermodeHelper: k.seen(usermodeHelper),
	}
}

// rule is about one of ChromeOS' own security module. Kernels without the
// module have none of them, whatever their texts.
func (k *Kernel) rule(m mark) Finding {
	at, ok := k.find(lsm)
	if !ok {
		return Finding{No, fmt.Sprintf("no %s: it is built without ChromeOS' security module", lsm)}
	}
	f := k.seen(m)
	if f.Answer == No {
		f.Evidence += fmt.Sprintf(", though %s at 0x%x", lsm, at)
	}
	return f
}

// pinning tells which of the two there is: ChromeOS had one in its own security
// module before mainline took it up.
func (k *Kernel) pinning() Finding {
	if f := k.seen(loadPin); f.Answer == Yes {
		return Finding{LoadPin, f.Evidence}
	}
	f := k.rule(ownPinning)
	if f.Answer == Yes {
		return Finding{Own, fmt.Sprintf("%s, no %s", f.Evidence, loadPin)}
	}
	return Finding{None, fmt.Sprintf("no %s, %s", loadPin, f.Evidence)}
}
