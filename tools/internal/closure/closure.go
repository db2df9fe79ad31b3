// Package closure reads a Nix closure as the tree of a bootable root.
//
//	err := closure.Add(packed, closure.Spec{
//		StorePaths:   "closure-info/store-paths",
//		Registration: "closure-info/registration",
//		System:       "/nix/store/…-nixos-system-…",
//	})
//
// The two files are those of nixpkgs' closureInfo. The tree has the store, the
// registration where the first boot expects it, the system profile with its
// first generation, /sbin/init through the profile, and the directories that
// NixOS' stage 2 needs to be there.
package closure

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/dirtree"
	"shimboot/tools/internal/seekable"
	"shimboot/tools/internal/tree"
)

// Spec names a closure.
type Spec struct {
	StorePaths   string `json:"storePaths"`   // file, one store path a line
	Registration string `json:"registration"` // file, for nix-store --load-db
	System       string `json:"system"`       // store path with init in it
}

const storeDir = "/nix/store/"

// storeTime is the modification time of everything in a Nix store.
func storeTime() time.Time { return time.Unix(1, 0).UTC() }

// Add lays the closure over a tree.
func Add(t *tree.Packed, s Spec) error {
	paths, err := s.paths()
	if err != nil {
		return err
	}
	entries, err := skeleton(s)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := t.Add(e); err != nil {
			return err
		}
	}
	for _, p := range paths {
		err := dirtree.Add(t, p, dirtree.Options{
			Time: storeTime(), Prefix: strings.TrimPrefix(p, "/"), StoreModes: true, NoFollow: true,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// paths gives the store paths. The registration has to tell of just these, the
// system among them: what Nix knows of and does not find, or finds and does
// not know of, it would take for damage.
func (s *Spec) paths() ([]string, error) {
	text, err := os.ReadFile(s.StorePaths)
	if err != nil {
		return nil, err
	}
	known, err := Registration(s.Registration)
	if err != nil {
		return nil, err
	}
	const remedy = "take both from one closureInfo"
	list := strings.Fields(string(text))
	listed := map[string]bool{}
	for _, p := range list {
		if !isStorePath(p) {
			return nil, badinput.New("%s", s.StorePaths).Got("%q", p).Want("paths like %sHASH-NAME", storeDir)
		}
		if !known[p] {
			return nil, badinput.New("%s", s.Registration).Got("no entry for %s", p).Want("all of %s", s.StorePaths).Fix(remedy)
		}
		listed[p] = true
	}
	if !listed[s.System] {
		return nil, badinput.New("%s", s.StorePaths).Got("no line %s", s.System).Want("the system's own path among them")
	}
	for _, p := range slices.Sorted(maps.Keys(known)) {
		if !listed[p] {
			return nil, badinput.New("%s", s.StorePaths).Got("no line %s", p).Want("all of %s", s.Registration).Fix(remedy)
		}
	}
	return list, nil
}

func skeleton(s Spec) ([]*tree.Entry, error) {
	info, err := os.Stat(s.Registration)
	if err != nil {
		return nil, err
	}
	entries := []*tree.Entry{
		{
			Path: "nix-path-registration", Mode: 0o644, Size: info.Size(), ModTime: storeTime(),
			Open: func() (io.ReadCloser, error) { return seekable.Open(s.Registration) },
		},
		link("nix/var/nix/profiles/system", "system-1-link"),
		link("nix/var/nix/profiles/system-1-link", s.System),
		link("sbin/init", "/nix/var/nix/profiles/system/init"),
	}
	for name, mode := range directories() {
		entries = append(entries, &tree.Entry{Path: name, Mode: fs.ModeDir | mode, ModTime: storeTime()})
	}
	if _, err := os.Stat(path.Join(s.System, "init")); err != nil {
		return nil, fmt.Errorf("%s: %w; is it a NixOS system?", s.System, err)
	}
	return entries, nil
}

func directories() map[string]fs.FileMode {
	return map[string]fs.FileMode{
		".": 0o755, "bin": 0o755, "dev": 0o755, "etc": 0o755, "home": 0o755, "mnt": 0o755,
		"proc": 0o555, "root": 0o700, "run": 0o755, "sbin": 0o755, "sys": 0o555,
		"tmp": 0o777 | fs.ModeSticky, "usr": 0o755, "var": 0o755,
		"nix": 0o755, "nix/store": 0o775 | fs.ModeSticky,
		"nix/var/nix/gcroots": 0o755, "nix/var/nix/profiles": 0o755,
	}
}

func link(name, target string) *tree.Entry {
	return &tree.Entry{Path: name, Target: target, Mode: fs.ModeSymlink | 0o777, ModTime: storeTime()}
}
