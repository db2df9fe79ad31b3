package traits_test

import (
	"strings"
	"testing"

	"shimboot/tools/internal/traits"
)

const (
	lsm     = "\x005Chromium OS LSM: sb_mount %s obj=%s\n\x00"
	noise   = "\x7fELF\x00some text\x00cgroup2_enabled\x00"
	symlink = "Mount path with symlinks prohibited"
)

// kernel has the texts, with something around them.
func kernel(texts ...string) traits.Kernel {
	return traits.Kernel{
		Parts:   []traits.Part{{Offset: 0, Data: []byte(noise)}, {Offset: 0x1000, Data: []byte(noise + strings.Join(texts, noise) + noise)}},
		Release: "5.4.85-22138-ga9994f5cad40",
	}
}

// Each rule follows from one text, and no other rule does.
func TestRules(t *testing.T) {
	answers := func(r traits.Rules) [7]traits.Answer {
		return [7]traits.Answer{
			r.SymlinkMounts.Answer, r.UnsafeMounts.Answer, r.ExecShmem.Answer, r.Bpf.Answer, r.Overlay.Answer,
			r.Pinning.Answer, r.UsermodeHelper.Answer,
		}
	}
	const yes, no, none = traits.Yes, traits.No, traits.None
	for name, test := range map[string]struct {
		texts []string
		want  [7]traits.Answer
	}{
		"mainline":       {nil, [...]traits.Answer{no, no, no, no, no, none, no}},
		"bare module":    {[]string{lsm}, [...]traits.Answer{no, no, no, no, no, none, no}},
		"symlinks":       {[]string{lsm, symlink}, [...]traits.Answer{yes, no, no, no, no, none, no}},
		"unsafe mounts":  {[]string{lsm, "requires CAP_SYS_ADMIN in init ns"}, [...]traits.Answer{no, yes, no, no, no, none, no}},
		"exec":           {[]string{lsm, "memfd execution blocked"}, [...]traits.Answer{no, no, yes, no, no, none, no}},
		"bpf":            {[]string{lsm, "bpf syscall blocked"}, [...]traits.Answer{no, no, no, yes, no, none, no}},
		"overlay":        {[]string{lsm, "Overlayfs mounts prohibited"}, [...]traits.Answer{no, no, no, no, yes, none, no}},
		"LoadPin":        {[]string{"LoadPin: ", "old-api-denied"}, [...]traits.Answer{no, no, no, no, no, traits.LoadPin, no}},
		"own pinning":    {[]string{lsm, "old-api-denied"}, [...]traits.Answer{no, no, no, no, no, traits.Own, no}},
		"helper":         {[]string{"/sbin/usermode-helper"}, [...]traits.Answer{no, no, no, no, no, none, yes}},
		"without module": {[]string{symlink, "memfd execution", "old-api-denied"}, [...]traits.Answer{no, no, no, no, no, none, no}},
	} {
		t.Run(name, func(t *testing.T) {
			got := traits.Read(kernel(test.texts...)).Rules
			if answers(got) != test.want {
				t.Errorf("%+v, want %v", got, test.want)
			}
		})
	}
}

// Evidence names what was seen, where, or what was not.
func TestEvidence(t *testing.T) {
	r := traits.Read(kernel(lsm, symlink)).Rules
	for got, want := range map[string]string{
		r.SymlinkMounts.Evidence: `"Mount path with symlinks prohibited" at 0x1065`,
		r.ExecShmem.Evidence:     `no "memfd execution", though "Chromium OS LSM: " at 0x1021`,
		r.Pinning.Evidence:       `no "LoadPin: ", no "old-api-denied", though "Chromium OS LSM: " at 0x1021`,
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	r = traits.Read(kernel()).Rules
	if want := `no "Chromium OS LSM: ": it is built without ChromeOS' security module`; r.Bpf.Evidence != want {
		t.Errorf("%s, want %s", r.Bpf.Evidence, want)
	}
}

// What is not there is told from what is not known.
func TestAbilities(t *testing.T) {
	known := kernel("\x00cgroup2\x00", "Console: %s %s %dx%d")
	known.Modules = map[string]string{"wireguard": "kernel/drivers/net/wireguard/wireguard.ko", "overlay": "built in"}
	known.Config = "CONFIG_MEMCG=y\n# CONFIG_CGROUP_PIDS is not set\nCONFIG_POSIX_MQUEUE_SYSCTL=y\nCONFIG_USER_NS=n\n" +
		"CONFIG_SQUASHFS_ZSTD=m\nCONFIG_BPF_SYSCALL=\"y\"\nCONFIG_IO_URING=y"
	counted := func(n string) traits.Kernel {
		k := kernel()
		k.Config = "CONFIG_BOOTPARAM_HUNG_TASK_PANIC=" + n
		return k
	}
	old := kernel()
	old.Release = "4.4.302"
	odd := kernel()
	odd.Release = "next"
	for name, test := range map[string]struct {
		kernel   traits.Kernel
		ability  string
		answer   traits.Answer
		evidence string
	}{
		"by its name":             {known, "cgroup2", traits.Yes, `"cgroup2" at 0x1020`},
		"before it was there":     {old, "cgroup2", traits.No, `no "cgroup2"`},
		"should be there":         {kernel(), "cgroup2", traits.Unknown, `no "cgroup2", though Linux has it since 4.5`},
		"no version":              {odd, "cgroup2", traits.Unknown, `no "cgroup2", though Linux has it since 4.5`},
		"screen":                  {known, "vt", traits.Yes, `"Console: %s %s %dx%d" at 0x1047`},
		"no screen":               {kernel(), "vt", traits.No, `no "Console: %s %s %dx%d"`},
		"module":                  {known, "wireguard", traits.Yes, "wireguard: kernel/drivers/net/wireguard/wireguard.ko"},
		"built in":                {known, "overlayfs", traits.Yes, "overlay: built in"},
		"no module":               {known, "btrfs", traits.No, "no module btrfs, and none built in"},
		"modules not known":       {kernel(), "btrfs", traits.Unknown, "its modules are not known"},
		"option":                  {known, "memoryController", traits.Yes, "CONFIG_MEMCG=y"},
		"option as a module":      {known, "squashfsZstd", traits.Yes, "CONFIG_SQUASHFS_ZSTD=m"},
		"last line":               {known, "ioUring", traits.Yes, "CONFIG_IO_URING=y"},
		"a number":                {counted("1"), "hungTaskPanic", traits.Yes, "CONFIG_BOOTPARAM_HUNG_TASK_PANIC=1"},
		"a number that is none":   {counted("0"), "hungTaskPanic", traits.No, "CONFIG_BOOTPARAM_HUNG_TASK_PANIC=0"},
		"unset":                   {known, "pidsController", traits.No, "# CONFIG_CGROUP_PIDS is not set"},
		"left out":                {known, "squashfsXz", traits.No, "no CONFIG_SQUASHFS_XZ"},
		"another's longer name":   {known, "posixMqueue", traits.No, "no CONFIG_POSIX_MQUEUE"},
		"no line of Kconfig's":    {known, "userNamespaces", traits.No, "no CONFIG_USER_NS"},
		"not yes nor no":          {known, "bpfSyscall", traits.No, "no CONFIG_BPF_SYSCALL"},
		"configuration not known": {kernel(), "bpfSyscall", traits.Unknown, "its .config is not known"},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := traits.Read(test.kernel).Abilities[test.ability]
			if want := (traits.Finding{Answer: test.answer, Evidence: test.evidence}); !ok || got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}

func TestNames(t *testing.T) {
	a := traits.Abilities{"b": {Answer: traits.Yes}, "c": {Answer: traits.No}, "a": {Answer: traits.Yes}}
	if got := strings.Join(a.Names(traits.Yes), " "); got != "a b" {
		t.Errorf("%s", got)
	}
}
