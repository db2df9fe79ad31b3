package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/dirtree"
	"shimboot/tools/internal/seekable"
	"shimboot/tools/internal/terminal"
	"shimboot/tools/internal/tree"
)

// patched is the archive without what is removed, with overlays and links.
func patched(c *cli.Context, in *os.File, epoch time.Time) (tree.Tree, error) {
	log := func(verb, name string) {
		if c.Bool("v") {
			fmt.Fprintf(c.App.ErrWriter, "%-8s %s\n", verb, terminal.Printable(name))
		}
	}
	kept, err := base(in, c.StringSlice("remove"), log)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name(), err)
	}
	layers := [][]*tree.Entry{kept}
	for _, dir := range c.StringSlice("overlay") {
		entries, err := dirtree.Read(dir, dirtree.Options{Time: epoch, Prefix: "."})
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			log("overlay", e.Path)
		}
		layers = append(layers, entries)
	}
	links, err := links(c.StringSlice("link"))
	if err != nil {
		return nil, err
	}
	t, err := tree.Merge(append(layers, links)...)
	if err != nil {
		return nil, badinput.New("overlay").Got("%v", err)
	}
	for _, e := range t {
		e.UID, e.GID, e.ModTime = 0, 0, epoch
	}
	return t, nil
}

// base is what is left of the archive's entries when some are removed.
func base(in *os.File, removed []string, log func(verb, name string)) ([]*tree.Entry, error) {
	size, err := seekable.Size(in)
	if err != nil {
		return nil, err
	}
	entries, err := cpio.Read(in, size)
	if err != nil {
		return nil, err
	}
	if len(removed) == 0 {
		return entries, nil
	}
	named := map[string]bool{}
	t := tree.NewPacked()
	for _, e := range entries {
		named[e.Path] = true
		if err := t.Add(e); err != nil {
			return nil, err
		}
	}
	if err := remove(t, removed, len(entries), log); err != nil {
		return nil, err
	}
	if err := t.Finish(); err != nil {
		return nil, err
	}
	// Directories that the archive has no entry of are not ours to add: they give
	// way to an overlay's, and a file in their place is a fault.
	return slices.DeleteFunc(t.Tree(), func(e *tree.Entry) bool { return !named[e.Path] }), nil
}

// remove takes names and what is below them out of a tree of so many entries.
// A name that is not there is an error: the archive is not what the caller
// thinks it is.
func remove(t *tree.Packed, names []string, left int, log func(verb, name string)) error {
	for _, name := range names {
		name = path.Clean(strings.TrimLeft(name, "/"))
		n := t.Remove(name)
		switch {
		case name == ".":
			return badinput.New("removing %s", name).Got("the root of the archive").Want("something in it")
		case n == 0:
			return badinput.New("removing %s", name).Got("no such entry among the %d", left).
				Want("an initramfs that has it").Fix("the default initramfs of a kernel has none; is this a shim's?")
		}
		left -= n
		log("remove", name)
	}
	return nil
}

func links(specs []string) ([]*tree.Entry, error) {
	var list []*tree.Entry
	for _, spec := range specs {
		name, target, ok := strings.Cut(spec, "=")
		if !ok || name == "" || target == "" {
			return nil, command.Usage("--link %q: want NAME=TARGET", spec)
		}
		list = append(list, &tree.Entry{
			Path: path.Clean(strings.TrimLeft(name, "/")), Target: target, Mode: fs.ModeSymlink | 0o777,
		})
	}
	return list, nil
}
