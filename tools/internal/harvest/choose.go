package harvest

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// choice is the part of a tree that is kept, and why.
type choice struct {
	tree    tree
	paths   []string                   // of the tree, sorted
	because map[string]map[string]bool // by path of files and links
	missing []Missing
}

// choose keeps what is asked for, what the globs match, and in the mode All
// all the rest.
func choose(t tree, a *asks, o *Options) *choice {
	c := &choice{tree: t, paths: t.paths(), because: map[string]map[string]bool{}}
	a.addUnsaid()
	for _, name := range slices.Sorted(maps.Keys(a.by)) {
		who := slices.Sorted(maps.Keys(a.by[name]))
		if reason := c.ask(name, who); reason != "" {
			c.missing = append(c.missing, Missing{name, who, reason})
		}
	}
	for _, glob := range o.Keep {
		who := "keep: " + glob
		if !c.glob(glob, who) {
			c.missing = append(c.missing, Missing{glob, []string{who}, "nothing matches"})
		}
	}
	if o.Firmware == All {
		c.rest("all")
	}
	return c
}

// ask keeps what a firmware= entry names, or says why it cannot.
func (c *choice) ask(name string, who []string) string {
	if !localName(name) {
		return "not a path below lib/firmware"
	}
	clean := path.Clean(name)
	links, at, n := c.tree.find(clean)
	switch {
	case n != nil && n.kind == fileNode:
		for _, w := range who {
			c.keep(links, at, w)
		}
		c.companions(clean)
		return ""
	case n != nil:
		return "a directory"
	case hasMeta(clean) && c.pattern(clean, who):
		return ""
	case c.tree[at] != nil && c.tree[at].kind == deadNode:
		return "a link that leads nowhere"
	}
	return "in no image"
}

// pattern keeps what a firmware= entry with wildcards matches.
func (c *choice) pattern(pattern string, who []string) (found bool) {
	for _, p := range c.paths {
		if ok, err := path.Match(pattern, p); err != nil || !ok {
			continue
		}
		if _, _, n := c.tree.find(p); n != nil && n.kind == fileNode {
			found = c.ask(p, who) == "" || found
		}
	}
	return found
}

// companions keeps the detached signature of a file.
func (c *choice) companions(name string) {
	links, at, n := c.tree.find(name + ".p7s")
	if n != nil && n.kind == fileNode {
		c.keep(links, at, "companion of "+name)
	}
}

// glob keeps what a pattern of Options.Keep matches.
func (c *choice) glob(pattern, who string) (found bool) {
	for _, p := range c.paths {
		if p != "." && matchGlob(pattern, p) {
			found = c.below(p, who) || found
		}
	}
	return found
}

// below keeps a file, or the files of a directory.
func (c *choice) below(p, who string) (found bool) {
	links, at, n := c.tree.find(p)
	if n == nil {
		return false
	}
	if n.kind == fileNode {
		c.keep(links, at, who)
		return true
	}
	c.keepLinks(links, who)
	for _, q := range c.paths {
		if at != "." && !strings.HasPrefix(q, at+"/") {
			continue
		}
		if links, end, n := c.tree.find(q); n != nil && n.kind == fileNode {
			c.keep(links, end, who)
			found = true
		}
	}
	return found
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
