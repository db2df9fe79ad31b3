package closure_test

import (
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/closure"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// entry is what a registration has of one path.
func entry(path string, references ...string) string {
	lines := append([]string{path, "sha256:0", "120", "", strconv.Itoa(len(references))}, references...)
	return strings.Join(lines, "\n") + "\n"
}

func TestRefusals(t *testing.T) {
	const a, b, system = "/nix/store/a", "/nix/store/b", "/nix/store/system"
	for name, test := range map[string]struct{ paths, registration, system, want string }{
		"not a system":          {system, entry(system), system, "is it a NixOS system?"},
		"more is registered":    {system, entry(system) + entry(a), system, "no line " + a + ", want all of "},
		"path outside":          {"/etc/passwd\n", entry(a), system, `found "/etc/passwd"`},
		"system not in list":    {"", entry(a), system, "the system's own path"},
		"path not registered":   {b + "\n", entry(a), system, "no entry for " + b},
		"reference not there":   {"", entry(a, b), system, "no entry for " + b + ", which " + a},
		"something else":        {"", "something\n", system, `at offset 0: found "something"`},
		"cut off":               {"", strings.TrimSuffix(entry(a, b), b+"\n"), system, "want more lines"},
		"cut off in a line":     {"", "/nix/sto", system, `found "/nix/sto"`},
		"count that is no such": {"", strings.Replace(entry(a), "\n0\n", "\n-1\n", 1), system, "number of references"},
		"size that is no such":  {"", strings.Replace(entry(a), "120", "x", 1), system, "the hash and the size"},
	} {
		t.Run(name, func(t *testing.T) {
			err := closure.Add(tree.NewPacked(), closure.Spec{
				StorePaths:   testenv.Write(t, "store-paths", []byte(test.paths)),
				Registration: testenv.Write(t, "registration", []byte(test.registration)),
				System:       test.system,
			})
			if err == nil || !strings.Contains(err.Error(), test.want) || badinput.Is(err) == (name == "not a system") {
				t.Errorf("%v (bad input: %v), want %q", err, badinput.Is(err), test.want)
			}
		})
	}
}

// Nix itself writes a registration of a store with one path.
func TestReadsWhatNixWrites(t *testing.T) {
	store := t.TempDir()
	nix := func(args ...string) string {
		t.Helper()
		return testenv.Run(t, "env", append([]string{"NIX_REMOTE=", "nix-store", "--store", store}, args...)...)
	}
	plain := strings.TrimSpace(nix("--add", testenv.Write(t, "plain", []byte("plain"))))
	registration := testenv.Write(t, "registration", []byte(nix("--dump-db")))
	known, err := closure.Registration(registration)
	if err != nil || len(known) != 1 || !known[plain] {
		t.Errorf("%v, %v, want %s", known, err, plain)
	}
}
