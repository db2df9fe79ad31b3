package kernel

import (
	"strings"
	"testing"

	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/vboot"
)

// Each case spoils one thing of a good shim.
func TestVerdict(t *testing.T) {
	const cmdline = "init=/sbin/init root=PARTUUID=%U/PARTNROFF=1 rootwait kern_guid=%U"
	type facts struct {
		flags   vboot.Flags
		archive InitramfsReport
		cmdline string
		shim    initramfs.Shim
	}
	verity := initramfs.Shim{Bootstrap: "init", UsesVerity: true, VerityEvidence: "dmsetup create x", VerityScript: "lib/dm.sh"}
	for name, test := range map[string]struct {
		spoil func(*facts)
		want  string // "" for bootable
	}{
		"good":             {func(*facts) {}, ""},
		"normal mode only": {func(f *facts) { f.flags = vboot.FlagDeveloper0 | vboot.FlagRecovery0 }, "its keyblock is for"},
		"default archive":  {func(f *facts) { f.archive = InitramfsReport{Default: true} }, "the kernel's default"},
		"no init":          {func(f *facts) { f.archive = InitramfsReport{} }, "no /init"},
		"no bootstrap":     {func(f *facts) { f.shim = initramfs.Shim{} }, "no script that starts ROOT-A"},
		"verity":           {func(f *facts) { f.shim = verity }, "(dmsetup create x in /lib/dm.sh)"},
		"verity, cros_debug": {func(f *facts) {
			f.shim, f.cmdline = verity, cmdline+" cros_debug"
		}, ""},
		"verity, much like cros_debug": {func(f *facts) {
			f.shim, f.cmdline = verity, cmdline+" no_cros_debug"
		}, "it checks the signature"},
		"recovery":             {func(f *facts) { f.cmdline = cmdline + " cros_recovery kern_b_hash=0123" }, "a recovery image's kernel"},
		"shim's word":          {func(f *facts) { f.cmdline = cmdline + " cros_factory_install" }, ""},
		"half of the evidence": {func(f *facts) { f.cmdline = cmdline + " no_cros_recovery kern_b_hash=0123" }, ""},
		"no kern_guid":         {func(f *facts) { f.cmdline = "root=PARTUUID=%U/PARTNROFF=1" }, "lacks kern_guid=%U"},
		"no root":              {func(f *facts) { f.cmdline = "kern_guid=%U" }, "lacks PARTUUID="},
		"root of dm-verity": {func(f *facts) {
			f.cmdline = "root=/dev/dm-0 dm=\"payload=PARTUUID=%U/PARTNROFF=1\" kern_guid=%U"
		}, ""},
		"another partition": {func(f *facts) { f.cmdline = "root=PARTUUID=%U/PARTNROFF=12 kern_guid=%U" }, "lacks PARTUUID="},
	} {
		t.Run(name, func(t *testing.T) {
			f := &facts{
				flags:   vboot.FlagDeveloper1 | vboot.FlagRecovery1,
				archive: InitramfsReport{Entries: 80, HasInit: true}, cmdline: cmdline,
				shim: initramfs.Shim{Bootstrap: "bin/bootstrap.sh"},
			}
			test.spoil(f)
			r := &Report{
				Cmdline: f.cmdline, Initramfs: f.archive,
				VerityEnforced: verityEnforced(f.cmdline, &f.shim), VerityEvidence: f.shim.VerityEvidence,
			}
			got := verdict(r, f.flags, &f.shim)
			reasons := strings.Join(got.Reasons, "\n")
			if got.OK != (test.want == "") || got.OK != (reasons == "") || !strings.Contains(reasons, test.want) || len(got.Reasons) > 1 {
				t.Errorf("%v %q, want %q alone", got.OK, reasons, test.want)
			}
			remedy := map[bool]string{true: takeOlder, false: takeShim}[strings.Contains(reasons, "it checks the signature")]
			if !got.OK && got.Remedy != remedy || got.OK && got.Remedy != "" {
				t.Errorf("remedy %q, want %q", got.Remedy, remedy)
			}
		})
	}
}
