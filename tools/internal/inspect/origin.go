package inspect

import (
	"cmp"
	"io"
	"io/fs"
	"strings"

	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/rootfs"
	"shimboot/tools/internal/state"
)

// Origin is what an image says of itself, as far as it does.
type Origin struct {
	Board   string `json:"board,omitempty"`
	Version string `json:"version,omitempty"` // of the ChromeOS in ROOT-A, or of the shim it came from
	System  string `json:"system,omitempty"`  // what the last partition's root calls itself
}

// RootPrefix starts the name of each partition that the boot menu offers.
const RootPrefix = "shimboot_rootfs:"

// IsRoot tells whether the boot menu offers a partition.
func IsRoot(p gpt.Partition) bool { return strings.HasPrefix(p.Name, RootPrefix) }

// maxRelease bounds the files that tell, which are a few lines.
const maxRelease = 64 << 10

// OriginOf asks STATE, which shimboot writes the board's name to, then the
// lsb-release of ROOT-A, then the os-release of the system behind it. What is
// not there, or cannot be read, says nothing.
func OriginOf(img io.ReaderAt, table *gpt.Table) Origin {
	var o Origin
	if volume, err := state.Open(img, table); err == nil {
		if text, err := volume.Get("dev_image/etc/lsb-factory"); err == nil {
			o.Board = variable(string(text), "SHIMBOOT_BOARD")
		}
	}
	for i := range table.Partitions {
		p := &table.Partitions[i]
		if p.Name != "ROOT-A" && !IsRoot(*p) {
			continue
		}
		root, err := rootfs.Open(io.NewSectionReader(img, p.Start, p.Size), p.Size)
		if err != nil {
			continue
		}
		if p.Name == "ROOT-A" {
			text := small(root.FS, "etc/lsb-release")
			o.Board = cmp.Or(o.Board, variable(text, "CHROMEOS_RELEASE_BOARD"))
			o.Version = cmp.Or(variable(text, "CHROMEOS_RELEASE_DESCRIPTION"), variable(text, "CHROMEOS_RELEASE_VERSION"))
		}
		if IsRoot(*p) {
			// NixOS makes its /etc at boot, of the profile's.
			text := cmp.Or(small(root.FS, "etc/os-release"), small(root.FS, "nix/var/nix/profiles/system/etc/os-release"))
			o.System = cmp.Or(o.System, variable(text, "PRETTY_NAME"))
		}
	}
	return o
}

func small(fsys fs.FS, name string) string {
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxRelease {
		return ""
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return ""
	}
	return string(text)
}

// variable finds NAME=value in the lines of a shell script that is nothing
// but those.
func variable(text, name string) string {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return ""
}
