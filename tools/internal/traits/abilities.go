package traits

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// drivers are abilities that a file of the root gives, by the name of the module
// that has it, or that would if it were not built in.
func drivers() map[string]string {
	return map[string]string{
		"autofs":      "autofs4",
		"bonding":     "bonding",
		"bridge":      "bridge",
		"btrfs":       "btrfs",
		"cifs":        "cifs",
		"cryptoZstd":  "zstd",
		"exfat":       "exfat",
		"f2fs":        "f2fs",
		"fuse":        "fuse",
		"kvm":         "kvm",
		"macvlan":     "macvlan",
		"nfs4":        "nfsv4",
		"nftables":    "nf_tables",
		"ntfs3":       "ntfs3",
		"overlayfs":   "overlay",
		"rpfilter":    "ipt_rpfilter",
		"tun":         "tun",
		"veth":        "veth",
		"vlan":        "8021q",
		"wireguard":   "wireguard",
		"xfs":         "xfs",
		"xtLimit":     "xt_limit",
		"xtLog":       "xt_LOG",
		"xtMark":      "xt_mark",
		"xtMultiport": "xt_multiport",
		"xtPkttype":   "xt_pkttype",
		"zram":        "zram",
	}
}

// options are abilities that are no driver, by their symbol of the configuration.
func options() map[string]string {
	return map[string]string{
		"appArmor":         "SECURITY_APPARMOR",
		"bpfSyscall":       "BPF_SYSCALL",
		"diskSwap":         "DISK_BASED_SWAP",
		"hibernation":      "HIBERNATION",
		"hungTaskPanic":    "BOOTPARAM_HUNG_TASK_PANIC",
		"ioUring":          "IO_URING",
		"memoryController": "MEMCG",
		"pidsController":   "CGROUP_PIDS",
		"posixMqueue":      "POSIX_MQUEUE",
		"rtGroupSched":     "RT_GROUP_SCHED",
		"squashfsXz":       "SQUASHFS_XZ",
		"squashfsZstd":     "SQUASHFS_ZSTD",
		"userNamespaces":   "USER_NS",
	}
}

func (k *Kernel) abilities() Abilities {
	found := Abilities{"cgroup2": k.cgroup2(), "vt": k.seen("Console: %s %s %dx%d")}
	for name, module := range drivers() {
		found[name] = k.driver(module)
	}
	for name, symbol := range options() {
		found[name] = k.option("CONFIG_" + symbol)
	}
	return found
}

// cgroup2 tells whether there is a file system of that name. Linux has it
// since 4.5; a linker may have made its name the end of another string.
func (k *Kernel) cgroup2() Finding {
	f := k.seen(word("cgroup2"))
	if f.Answer == No && !k.olderThan(4, 5) {
		return Finding{Unknown, f.Evidence + ", though Linux has it since 4.5"}
	}
	return f
}

// olderThan compares the release; one that is no version is older than nothing.
func (k *Kernel) olderThan(major, minor int) bool {
	var a, b int
	if n, _ := fmt.Sscanf(k.Release, "%d.%d", &a, &b); n < 2 {
		return false
	}
	return a < major || a == major && b < minor
}

// driver asks the root's own lists: what the configuration has as a module and
// the root has not is not there.
func (k *Kernel) driver(module string) Finding {
	where, ok := k.Modules[module]
	switch {
	case k.Modules == nil:
		return Finding{Unknown, "its modules are not known"}
	case ok:
		return Finding{Yes, fmt.Sprintf("%s: %s", module, where)}
	}
	return Finding{No, fmt.Sprintf("no module %s, and none built in", module)}
}

// option asks the configuration. It leaves out what depends on something that
// is not set, and what is a number is on where it is not 0.
func (k *Kernel) option(symbol string) Finding {
	if k.Config == "" {
		return Finding{Unknown, "its .config is not known"}
	}
	for line := range strings.Lines(k.Config) {
		line = strings.TrimSuffix(line, "\n")
		if line == "# "+symbol+" is not set" {
			return Finding{No, line}
		}
		value, ok := strings.CutPrefix(line, symbol+"=")
		if !ok {
			continue
		}
		if number, err := strconv.Atoi(value); err == nil && number == 0 {
			return Finding{No, line}
		} else if err == nil || value == "y" || value == "m" {
			return Finding{Yes, line}
		}
	}
	return Finding{No, "no " + symbol}
}

// Names gives the abilities that have the answer, sorted.
func (a Abilities) Names(answer Answer) []string {
	names := slices.Sorted(maps.Keys(a))
	return slices.DeleteFunc(names, func(name string) bool { return a[name].Answer != answer })
}
