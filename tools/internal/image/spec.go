// Package image makes a bootable disk image from a spec, in three steps that
// can be looked at one by one:
//
//	spec, err := image.ReadSpec(file, dir)         // what is wanted
//	plan, err := image.NewPlan(ctx, spec, options) // where everything goes; checked
//	err = plan.Write(ctx, f, nil)                  // the bytes
//
// Nothing is random and nothing depends on the clock: every GUID is a version
// 5 UUID of the spec's seed and a name.
package image

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/closure"
)

// SpecVersion is the schemaVersion that this package reads.
const SpecVersion = 1

// Spec is the JSON document that describes an image. Unknown fields are
// refused. Relative paths are relative to the spec's own directory.
type Spec struct {
	SchemaVersion int             `json:"schemaVersion"`
	Seed          string          `json:"seed"`  // all GUIDs derive from it
	Board         string          `json:"board"` // for people; stands in image.json
	Partitions    []PartitionSpec `json:"partitions"`
}

// PartitionSpec is one partition; numbers are counted from 1 in order.
type PartitionSpec struct {
	Name       string `json:"name"` // GPT name, at most 36 UTF-16 units
	Type       string `json:"type"` // linux-data, chromeos-kernel, chromeos-rootfs, efi-system, or a GUID
	Size       string `json:"size"` // "32MiB", "content", "content+20%", "content+512MiB"
	Priority   int    `json:"priority,omitempty"`
	Tries      int    `json:"tries,omitempty"`
	Successful bool   `json:"successful,omitempty"`
	// MaxContent bounds the files in it, such as by the size of the tmpfs that
	// the shim copies ROOT-A to: "640MiB".
	MaxContent string `json:"maxContent,omitempty"`
	// Room is left free behind the file system, within the partition: what a
	// LUKS header will take when the root is encrypted where it lies.
	Room    string  `json:"room,omitempty"`
	Content Content `json:"content"`
}

// Content is exactly one of its fields, or none for an empty partition.
type Content struct {
	Raw  *Raw        `json:"raw,omitempty"`
	Vfat *Filesystem `json:"vfat,omitempty"`
	Ext2 *Filesystem `json:"ext2,omitempty"`
	Ext4 *Filesystem `json:"ext4,omitempty"`
}

// Raw is a file copied byte for byte, followed by zeroes.
type Raw struct {
	Path string `json:"path"`
}

// Filesystem is a file system with the given sources, later ones winning.
type Filesystem struct {
	Label   string   `json:"label"`
	Sources []Source `json:"sources,omitempty"`
	// LinkIdentical makes files that are equal in all but their names one with
	// several; not on a FAT.
	LinkIdentical bool `json:"linkIdentical,omitempty"`
	// Reserved is what only root may fill, "5%" or "64MiB"; not on a FAT.
	Reserved string `json:"reserved,omitempty"`
}

// Source is exactly one of its fields; At, Holes and KeepOwners go with
// Directory.
type Source struct {
	Cpio        string            `json:"cpio,omitempty"`        // newc archive
	Tar         string            `json:"tar,omitempty"`         // archive, or "-"; gzip, xz, zstd as well
	Directory   string            `json:"directory,omitempty"`   // owners become root …
	KeepOwners  bool              `json:"keepOwners,omitempty"`  // … or stay, and modes too
	At          string            `json:"at,omitempty"`          // where Directory goes
	Holes       bool              `json:"holes,omitempty"`       // Directory's sparse files stay sparse on ext4
	Closure     *closure.Spec     `json:"closure,omitempty"`     // a NixOS system
	Links       map[string]string `json:"links,omitempty"`       // symlinks: name, target
	Directories map[string]string `json:"directories,omitempty"` // empty ones: name, octal mode
	Devices     map[string]string `json:"devices,omitempty"`     // nodes: name, "c MAJOR MINOR MODE" or "b …"
}

// ReadSpec reads a spec; dir is what its relative paths are relative to.
func ReadSpec(r io.Reader, dir string) (*Spec, error) {
	d, err := io.ReadAll(io.LimitReader(r, 1<<24))
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(d))
	dec.DisallowUnknownFields()
	s := &Spec{}
	if err := dec.Decode(s); err != nil {
		return nil, specError(d, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, badinput.New("spec, line %d", line(d, dec.InputOffset())).Got("more than one document").Want("one")
	}
	if s.SchemaVersion != SpecVersion {
		return nil, badinput.New("spec's schemaVersion").Got("%d", s.SchemaVersion).Want("%d", SpecVersion)
	}
	if s.Seed == "" {
		return nil, badinput.New("spec's seed").Got("none").Want("a text that is unique to the image").
			Fix("two sticks with equal GUIDs cannot be told apart")
	}
	s.resolve(dir)
	return s, nil
}

// resolve makes all paths relative to dir.
func (s *Spec) resolve(dir string) {
	abs := func(p *string) {
		if *p != "" && *p != stdinName && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	for i := range s.Partitions {
		c := &s.Partitions[i].Content
		if c.Raw != nil {
			abs(&c.Raw.Path)
		}
		for _, fsys := range []*Filesystem{c.Vfat, c.Ext2, c.Ext4} {
			if fsys == nil {
				continue
			}
			for j := range fsys.Sources {
				src := &fsys.Sources[j]
				abs(&src.Cpio)
				abs(&src.Tar)
				abs(&src.Directory)
				if src.Closure != nil {
					abs(&src.Closure.StorePaths)
					abs(&src.Closure.Registration)
				}
			}
		}
	}
}
