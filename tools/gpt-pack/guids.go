package main

import (
	"crypto/rand"
	"fmt"
	"io"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/flash"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/terminal"
)

// giveGUIDs obeys --guids. Two sticks of one GUID in a machine are one too many,
// for firmware, Linux and the boot menu alike; files are to be the same
// whenever they are made.
func giveGUIDs(which string, src *flash.Source, disk *target) (own bool, err error) {
	switch which {
	case "":
		own = !disk.file
	case "own":
		own = true
	case "image":
	default:
		return false, command.Usage("--guids %q: want own or image", which)
	}
	if own {
		err = src.OwnGUIDs(rand.Reader)
	}
	return own, err
}

// warnOfNamed tells what on the stick looks for GUIDs that it has not.
func warnOfNamed(w io.Writer, table *gpt.Table, named []flash.Named) {
	for _, n := range named {
		where := "between the partitions"
		for i := range table.Partitions {
			p := &table.Partitions[i]
			if n.At >= p.Start && n.At < p.Start+p.Size {
				where = fmt.Sprintf("in partition %d (%s)", p.Number, terminal.Printable(p.Name))
			}
		}
		fmt.Fprintf(w, "gpt-pack: warning: the image itself names its GUID %s, %s at byte %d: what looks for it does not find it on this stick; with --guids=image it does\n",
			n.GUID, where, n.At)
	}
}
