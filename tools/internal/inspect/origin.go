package main

import (
	"io"
	"io/fs"
	"strings"

	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/image"
)

// origin is what an image says of itself, as far as it does.
type origin struct {
	Board   string `json:"board,omitempty"`
	Version string `json:"version,omitempty"` // of the ChromeOS in ROOT-A, or of the shim it came from
	System  string `json:"system,omitempty"`  // what the last partition's root calls itself
}

// rootPrefix starts the name of each partition that the boot menu offers.
const rootPrefix = "shimboot_rootfs:"

func isRoot(p gptdisk.Partition) bool { return strings.HasPrefix(p.Name, rootPrefix) }

// maxRelease bounds the files that tell, which are a few lines.
const maxRelease = 64 << 10

// originOf asks STATE, which shimboot writes the board's name to, then the
// lsb-release of ROOT-A, then the os-release of the system behind it. What is
// not there, or cannot be read, says nothing.
func originOf(img io.ReaderAt, table *gptdisk.Table) origin {
	var o origin
	if state, err := image.OpenState(img, table); err == nil {
		if text, err := state.Get("dev_image/etc/lsb-factory"); err == nil {
			o.Board = variable(string(text), "SHIMBOOT_BOARD")
		}
	}
	for i := range table.Partitions {
		p := &table.Partitions[i]
		fsys, err := ext4.Open(io.NewSectionReader(img, p.Start, p.Size), p.Size)
		if err != nil {
			continue
		}
		if p.Name == "ROOT-A" {
			text := small(fsys, "etc/lsb-release")
			o.Board = first(o.Board, variable(text, "CHROMEOS_RELEASE_BOARD"))
			o.Version = first(variable(text, "CHROMEOS_RELEASE_DESCRIPTION"), variable(text, "CHROMEOS_RELEASE_VERSION"))
		}
		if isRoot(*p) {
			// NixOS makes its /etc at boot, of the profile's.
			text := first(small(fsys, "etc/os-release"), small(fsys, "nix/var/nix/profiles/system/etc/os-release"))
			o.System = first(o.System, variable(text, "PRETTY_NAME"))
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

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
