package traits_test

import (
	"bytes"
	"regexp"
	"strconv"
	"testing"

	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/traits"
)

// FuzzRead: what is said to stand in the kernel stands there, and what is said
// to stand in the configuration is a line of it.
func FuzzRead(f *testing.F) {
	f.Add([]byte(lsm+symlink+"\x00cgroup2\x00"), 7, "4.4.0", "CONFIG_MEMCG=y\n")
	f.Add([]byte("LoadPin: /sbin/usermode-helper"), -1, "", "# CONFIG_MEMCG is not set")
	f.Fuzz(func(t *testing.T, d []byte, cut int, release, config string) {
		cut = max(0, min(cut, len(d)))
		k := traits.Kernel{
			Parts:   []traits.Part{{Offset: 0, Data: d[:cut]}, {Offset: int64(cut), Data: d[cut:]}},
			Release: release, Config: config,
		}
		var got traits.Traits
		testenv.Bounded(t, 1<<20, func() { got = traits.Read(k) })
		r := &got.Rules
		findings := []traits.Finding{r.SymlinkMounts, r.UnsafeMounts, r.ExecShmem, r.Bpf, r.Overlay, r.Pinning, r.UsermodeHelper}
		for _, finding := range got.Abilities {
			findings = append(findings, finding)
		}
		for _, finding := range findings {
			check(t, d, config, finding)
		}
	})
}

func check(t *testing.T, d []byte, config string, f traits.Finding) {
	t.Helper()
	for _, m := range regexp.MustCompile(`("(?:[^"\\]|\\.)*") at 0x([0-9a-f]+)`).FindAllStringSubmatch(f.Evidence, -1) {
		text, err := strconv.Unquote(m[1])
		at, err2 := strconv.ParseInt(m[2], 16, 64)
		if err != nil || err2 != nil || at > int64(len(d)) || !bytes.HasPrefix(d[at:], []byte(text)) {
			t.Errorf("%s: not there", f.Evidence)
		}
	}
	line := regexp.MustCompile(`^(CONFIG_[A-Z0-9_]+=([ym]|-?[0-9]+)|# CONFIG_[A-Z0-9_]+ is not set)$`)
	if line.MatchString(f.Evidence) && !regexp.MustCompile(`(?m)^`+f.Evidence+`$`).MatchString(config) {
		t.Errorf("%s: no line of the configuration", f.Evidence)
	}
	if f.Answer == "" || f.Evidence == "" {
		t.Errorf("%+v", f)
	}
}
