package shim

import (
	"strings"
	"testing"

	"shimboot/tools/internal/vboot"
)

// Each case spoils one thing of a good shim.
func TestVerdict(t *testing.T) {
	const cmdline = "init=/sbin/init root=PARTUUID=%U/PARTNROFF=1 rootwait kern_guid=%U"
	verity := Scripts{Bootstrap: "init", UsesVerity: true, VerityEvidence: "dmsetup create x", VerityScript: "lib/dm.sh"}
	for name, test := range map[string]struct {
		spoil func(*Facts)
		want  string // "" for bootable
	}{
		"good":             {func(*Facts) {}, ""},
		"normal mode only": {func(f *Facts) { f.Flags = vboot.FlagDeveloper0 | vboot.FlagRecovery0 }, "its keyblock is for"},
		"default archive":  {func(f *Facts) { f.DefaultInitramfs, f.HasInit = true, false }, "the kernel's default"},
		"no init":          {func(f *Facts) { f.HasInit = false }, "no /init"},
		"no bootstrap":     {func(f *Facts) { f.Scripts = &Scripts{} }, "no script that starts ROOT-A"},
		"verity":           {func(f *Facts) { f.Scripts = &verity }, "(dmsetup create x in /lib/dm.sh)"},
		"verity, cros_debug": {func(f *Facts) {
			f.Scripts, f.Cmdline = &verity, cmdline+" cros_debug"
		}, ""},
		"verity, much like cros_debug": {func(f *Facts) {
			f.Scripts, f.Cmdline = &verity, cmdline+" no_cros_debug"
		}, "it checks the signature"},
		"recovery":             {func(f *Facts) { f.Cmdline = cmdline + " cros_recovery kern_b_hash=0123" }, "a recovery image's kernel"},
		"shim's word":          {func(f *Facts) { f.Cmdline = cmdline + " cros_factory_install" }, ""},
		"half of the evidence": {func(f *Facts) { f.Cmdline = cmdline + " no_cros_recovery kern_b_hash=0123" }, ""},
		"no kern_guid":         {func(f *Facts) { f.Cmdline = "root=PARTUUID=%U/PARTNROFF=1" }, "lacks kern_guid=%U"},
		"no root":              {func(f *Facts) { f.Cmdline = "kern_guid=%U" }, "lacks PARTUUID="},
		"root of dm-verity": {func(f *Facts) {
			f.Cmdline = "root=/dev/dm-0 dm=\"payload=PARTUUID=%U/PARTNROFF=1\" kern_guid=%U"
		}, ""},
		"nothing from a tmpfs": {func(f *Facts) { f.ExecShmemEvidence = "a text at 0x10" }, "it starts no program from a tmpfs (a text at 0x10)"},
		"another partition":    {func(f *Facts) { f.Cmdline = "root=PARTUUID=%U/PARTNROFF=12 kern_guid=%U" }, "lacks PARTUUID="},
	} {
		t.Run(name, func(t *testing.T) {
			f := &Facts{
				Flags: vboot.FlagDeveloper1 | vboot.FlagRecovery1, HasInit: true, Cmdline: cmdline,
				Scripts: &Scripts{Bootstrap: "bin/bootstrap.sh"},
			}
			test.spoil(f)
			got := Judge(*f)
			reasons := strings.Join(got.Reasons, "\n")
			if got.OK != (test.want == "") || got.OK != (reasons == "") || !strings.Contains(reasons, test.want) || len(got.Reasons) > 1 {
				t.Errorf("%v %q, want %q alone", got.OK, reasons, test.want)
			}
			remedy := takeShim
			switch {
			case strings.Contains(reasons, "it checks the signature"):
				remedy = takeOlder
			case strings.Contains(reasons, "it starts no program"):
				remedy = takeOther
			}
			if !got.OK && got.Remedy != remedy || got.OK && got.Remedy != "" {
				t.Errorf("remedy %q, want %q", got.Remedy, remedy)
			}
		})
	}
}
