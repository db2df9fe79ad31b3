package main

import (
	"fmt"
	"strings"
	"testing"

	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/traits"
)

// A FIT for a whole family of boards leaves room for the rest of the screen.
func TestManyConfigurations(t *testing.T) {
	f := &kernel.FITReport{Configuration: "conf-1"}
	for i := range 40 {
		f.Configurations = append(f.Configurations, kernel.FITConfiguration{Name: fmt.Sprintf("conf-%d", i)})
	}
	f.Configurations[0].Compatible = []string{strings.Repeat("google,a ", 12), "b"}
	var b strings.Builder
	p := &printer{w: &b}
	p.fit(f)
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if p.err != nil || len(lines) != 1+2+11+1 || strings.TrimSpace(lines[14]) != "and 28 more: see --json" {
		t.Errorf("%v\n%s", p.err, b.String())
	}
	if !strings.Contains(b.String(), "  conf-1      for no board by name (taken)\n") {
		t.Errorf("%s", b.String())
	}
}

func TestWhatCannotBePrintedIsAnError(t *testing.T) {
	p := &printer{w: failing{}}
	p.row("name", "text")
	if p.err == nil {
		t.Error("a failure to write is lost")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }

// Each rule has its own words, and no words without the rule.
func TestRulesInWords(t *testing.T) {
	yes, no := traits.Finding{Answer: traits.Yes}, traits.Finding{Answer: traits.No}
	none := traits.Rules{
		SymlinkMounts: no, UnsafeMounts: no, ExecShmem: no, Bpf: no, Overlay: no,
		Pinning: traits.Finding{Answer: traits.None}, UsermodeHelper: no,
	}
	for want, set := range map[string]func(*traits.Rules){
		"nothing that Linux allows":               func(*traits.Rules) {},
		"- to mount through a symlink":            func(r *traits.Rules) { r.SymlinkMounts = yes },
		"- mounts of users that are not nosuid":   func(r *traits.Rules) { r.UnsafeMounts = yes },
		"- programs in a tmpfs: this shim cannot": func(r *traits.Rules) { r.ExecShmem = yes },
		"- bpf(2): systemd starts units without":  func(r *traits.Rules) { r.Bpf = yes },
		"- mounts of type overlay":                func(r *traits.Rules) { r.Overlay = yes },
		"kernel.loadpin.enforce is 0 (LoadPin)":   func(r *traits.Rules) { r.Pinning.Answer = traits.LoadPin },
		"kernel.chromiumos.module_locking is 0;":  func(r *traits.Rules) { r.Pinning.Answer = traits.Own },
		"other than /sbin/usermode-helper":        func(r *traits.Rules) { r.UsermodeHelper = yes },
	} {
		rules := none
		set(&rules)
		var b strings.Builder
		p := &printer{w: &b}
		p.rules(&rules)
		text := strings.Join(strings.Fields(b.String()), " ")
		if p.err != nil || !strings.HasPrefix(text, "refuses ") || !strings.Contains(text, want) || strings.Count(text, "- ") > 1 {
			t.Errorf("%v, %q, want %q alone", p.err, text, want)
		}
	}
}
