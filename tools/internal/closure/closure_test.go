package closure_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/closure"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

func TestRefusals(t *testing.T) {
	system := t.TempDir()
	if err := os.WriteFile(filepath.Join(system, "init"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	registration := testenv.Write(t, "registration", []byte("something"))
	for name, test := range map[string]struct {
		spec closure.Spec
		want string
	}{
		"no list":            {closure.Spec{StorePaths: "/nonexistent"}, "no such file"},
		"empty registration": {closure.Spec{StorePaths: testenv.Write(t, "p", nil), Registration: testenv.Write(t, "r", nil)}, "an empty file"},
		"not a system":       {closure.Spec{StorePaths: testenv.Write(t, "p", nil), Registration: registration, System: "/nonexistent"}, "is it a NixOS system?"},
		"path outside":       {closure.Spec{StorePaths: testenv.Write(t, "p", []byte("/etc/passwd\n")), Registration: registration, System: system}, `found "/etc/passwd"`},
		"system not in list": {closure.Spec{StorePaths: testenv.Write(t, "p", nil), Registration: registration, System: system}, "the system's own path"},
	} {
		t.Run(name, func(t *testing.T) {
			err := closure.Add(tree.NewPacked(), test.spec)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v (bad input: %v), want %q", err, badinput.Is(err), test.want)
			}
		})
	}
}
