package harvest

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// choice is the part of a tree that is kept, and why.
type choice struct {
	tree    tree
	dirs    []string                   // where the kernel looks, see searchDirs
	paths   []string                   // of the tree, sorted
	because map[string]map[string]bool // by path of files and links
	hidden  map[string]string          // files that are never found, by what is found
	missing []Missing
	runtime []RuntimeName
}

// What Firmware.BecauseOf has beside names of modules.
const (
	becauseRuntime   = "run time: "
	becauseKeep      = "keep: "
	becauseCompanion = "companion of "
	becauseRung      = "in place of "
	becauseAll       = "all"
)

// choose keeps what is asked for, what the globs match, and in the mode All
// all the rest.
func choose(t tree, a *asks, release string, o *Options) *choice {
	c := &choice{
		tree: t, dirs: searchDirs(release), paths: t.paths(),
		because: map[string]map[string]bool{}, hidden: map[string]string{},
	}
	a.addUnsaid()
	for _, name := range slices.Sorted(maps.Keys(a.by)) {
		who := slices.Sorted(maps.Keys(a.by[name]))
		if reason := c.ask(name, who); reason != "" {
			c.missing = append(c.missing, Missing{Name: name, AskedBy: who, Reason: reason, Instead: c.rung(name)})
		}
	}
	c.runtime = a.runtime()
	for i, row := range c.runtime {
		for _, glob := range row.Globs {
			for _, dir := range c.dirs {
				c.runtime[i].Files += c.glob(path.Join(dir, glob), becauseRuntime+row.Module)
			}
		}
	}
	for _, glob := range o.Keep {
		who := becauseKeep + glob
		if c.glob(glob, who) == 0 {
			c.missing = append(c.missing, Missing{Name: glob, AskedBy: []string{who}, Reason: "nothing matches"})
		}
	}
	if o.Firmware == All {
		c.rest(becauseAll)
	}
	return c
}

// pattern keeps what a firmware= entry with wildcards matches.
func (c *choice) pattern(pattern string, who []string) (found bool) {
	for _, p := range c.paths {
		for _, dir := range c.dirs {
			if ok, err := path.Match(path.Join(dir, pattern), p); err != nil || !ok {
				continue
			}
			if links, at, n := c.tree.find(p); n != nil && n.kind == fileNode {
				for _, w := range who {
					c.keep(links, at, w)
				}
				c.companions(p)
				found = true
			}
		}
	}
	return found
}

// companions keeps what belongs to a file: a detached signature, and for the
// header of a split image its segments, whose names drivers/soc/qcom/mdt_loader.c
// makes: x.mdt has x.b00, x.b01, …
func (c *choice) companions(name string) {
	who := becauseCompanion + name
	links, at, n := c.tree.find(name + ".p7s")
	if n != nil && n.kind == fileNode {
		c.keep(links, at, who)
	}
	if stem, ok := strings.CutSuffix(name, ".mdt"); ok {
		for i := range 100 {
			segment := fmt.Sprintf("%s.b%02d", stem, i)
			if links, at, n := c.tree.find(segment); n != nil && n.kind == fileNode {
				c.keep(links, at, who)
			}
		}
	}
}

// rung keeps what iwlwifi takes in place of a name-N.ucode that is nowhere: it
// counts N down until there is a file (drivers/net/wireless/intel/iwlwifi/iwl-drv.c:
// iwl_request_firmware). Where it stops counting, modules do not say, so the
// file may be too old for it.
func (c *choice) rung(name string) string {
	stem, number, ok := cutLast(strings.TrimSuffix(name, ".ucode"), "-")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n > 999 || !strings.HasPrefix(name, "iwlwifi-") || !strings.HasSuffix(name, ".ucode") {
		return ""
	}
	for n--; n > 0; n-- {
		lower := fmt.Sprintf("%s-%d.ucode", stem, n)
		if links, at, found := c.tree.find(lower); found != nil && found.kind == fileNode {
			c.keep(links, at, becauseRung+name)
			return lower
		}
	}
	return ""
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// glob keeps what a pattern of Options.Keep matches, and counts the files.
func (c *choice) glob(pattern, who string) (files int) {
	for _, p := range c.paths {
		if p != "." && matchGlob(pattern, p) {
			files += c.below(p, who)
		}
	}
	return files
}

// below keeps a file, or the files of a directory.
func (c *choice) below(p, who string) (files int) {
	links, at, n := c.tree.find(p)
	if n == nil {
		return 0
	}
	if n.kind == fileNode {
		c.keep(links, at, who)
		c.companions(p)
		return 1
	}
	c.keepLinks(links, who)
	for _, q := range c.paths {
		if at != "." && !strings.HasPrefix(q, at+"/") {
			continue
		}
		if links, end, n := c.tree.find(q); n != nil && n.kind == fileNode {
			c.keep(links, end, who)
			files++
		}
	}
	return files
}

// rest keeps what is not kept yet.
func (c *choice) rest(who string) {
	for _, p := range c.paths {
		if c.because[p] != nil {
			continue
		}
		links, at, n := c.tree.find(p)
		if c.keepLinks(links, who); n != nil && n.kind == fileNode {
			c.keepLinks([]string{at}, who)
		}
	}
}

func (c *choice) keep(links []string, at, who string) {
	c.keepLinks(append(links, at), who)
}

func (c *choice) keepLinks(paths []string, who string) {
	for _, p := range paths {
		if c.because[p] == nil {
			c.because[p] = map[string]bool{}
		}
		c.because[p][who] = true
	}
}
