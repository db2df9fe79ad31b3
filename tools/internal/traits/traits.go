// Package traits tells what a ChromeOS kernel forbids and what it is able to:
// by texts that stand in it where something is built in, and by the list of its
// modules and its configuration where these are at hand.
//
//	t := traits.Read(traits.Kernel{Parts: parts, Release: "5.4.85", Modules: modules, Config: text})
//	if t.Rules.ExecShmem.Answer == traits.Yes { … }
//
// The texts are what ChromeOS' security/chromiumos/lsm.c, mainline's
// security/loadpin, kernel/umh.c, kernel/cgroup and drivers/tty/vt have had
// since 3.8 at the latest, or since they are there.
package traits

// Answer is yes, no or unknown; that of Rules.Pinning is one of four others.
type Answer string

// What may be answered.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"

	LoadPin Answer = "loadpin" // mainline's: kernel.loadpin.enforce=0 switches it off
	Own     Answer = "own"     // ChromeOS' before 4.19: a root that cannot be written to is for good
	None    Answer = "none"
)

// Finding is an answer with what it rests on.
type Finding struct {
	Answer Answer `json:"answer"`
	// Evidence is a text and its offset in the uncompressed kernel, a module, a
	// line of the configuration, or what was looked for in vain.
	Evidence string `json:"evidence"`
}

// Rules are what the kernel refuses that mainline allows.
type Rules struct {
	SymlinkMounts  Finding `json:"symlinkMounts"`  // mount(2) whose target leads through a symlink
	UnsafeMounts   Finding `json:"unsafeMounts"`   // without nosuid, nodev and noexec, by who is not root of the machine
	ExecShmem      Finding `json:"execShmem"`      // programs in a tmpfs
	Bpf            Finding `json:"bpf"`            // bpf(2)
	Overlay        Finding `json:"overlay"`        // mounts of type overlay
	Pinning        Finding `json:"pinning"`        // modules and firmware from a second file system
	UsermodeHelper Finding `json:"usermodeHelper"` // programs that the kernel starts, other than /sbin/usermode-helper
}

// Abilities are by the names that Read gives them.
type Abilities map[string]Finding

// Traits are all that is told of a kernel.
type Traits struct {
	Rules     Rules
	Abilities Abilities
}

// Part is a piece of an uncompressed kernel.
type Part struct {
	Offset int64 // in the kernel
	Data   []byte
}

// Kernel is what there is to read.
type Kernel struct {
	Parts   []Part // all but the initramfs, which may say anything
	Release string // as in uname -r
	Config  string // its .config; "" where that is not known
	// Modules are all its drivers by name, with where each is; nil where that
	// is not known.
	Modules map[string]string
}

// Read answers all that can be asked of k.
func Read(k Kernel) Traits {
	return Traits{Rules: k.rules(), Abilities: k.abilities()}
}
