package harvest

import (
	"context"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/report"
)

// choice is the part of a tree that is kept, and why.
type choice struct {
	tree    tree
	dirs    []string                          // where the kernel looks, see searchDirs
	paths   []string                          // of the tree, sorted
	because map[string]map[report.Reason]bool // by path of files and links
	hidden  map[string]string                 // files that are never found, by what is found
	missing []report.Missing
	runtime []report.RuntimeName

	reasons, patterns int // so far
}

// Bounds on what names with wildcards may make of a tree; drivers ask for some
// dozens of them.
const (
	maxReasons  = 1 << 20 // in because
	maxPatterns = 1 << 10
)

// checkRoom is for after each step.
func (c *choice) checkRoom() error {
	if c.reasons > maxReasons || c.patterns > maxPatterns {
		return badinput.New("names of firmware with wildcards").Got("%d, and %d reasons to keep files", c.patterns, c.reasons).
			Want("at most %d, and %d", maxPatterns, maxReasons)
	}
	return nil
}

// choose keeps what is asked for, what the globs match, and in the mode All
// all the rest.
func choose(ctx context.Context, t tree, r *requests, release string, o *Options) (*choice, error) {
	c := &choice{
		tree: t, dirs: searchDirs(release), paths: t.paths(),
		because: map[string]map[report.Reason]bool{}, hidden: map[string]string{},
	}
	if err := r.addUnsaid(); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(r.by)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		who := r.reasons(name)
		if reason := c.request(name, who); reason != "" {
			c.missing = append(c.missing, report.Missing{Name: name, AskedBy: who, Reason: reason, Instead: c.fallback(name)})
		}
		if err := c.checkRoom(); err != nil {
			return nil, err
		}
	}
	c.runtime = r.runtime()
	for i, row := range c.runtime {
		for _, glob := range row.Globs {
			for _, dir := range c.dirs {
				c.runtime[i].Files += c.glob(path.Join(dir, glob), report.Reason{Kind: report.AtRuntime, Of: row.Module})
			}
		}
	}
	for _, glob := range o.Keep {
		who := report.Reason{Kind: report.ByHand, Of: glob}
		if c.glob(glob, who) == 0 {
			c.missing = append(c.missing, report.Missing{Name: glob, AskedBy: []report.Reason{who}, Reason: "nothing matches"})
		}
	}
	if o.Firmware == report.All {
		c.rest(report.Reason{Kind: report.Everything})
	}
	return c, c.checkRoom()
}

// pattern keeps what a firmware= entry with wildcards matches.
func (c *choice) pattern(pattern string, who []report.Reason) (found bool) {
	c.patterns++
	for _, dir := range c.dirs {
		full := path.Join(dir, pattern)
		for _, p := range c.starting(literal(full)) {
			if ok, err := path.Match(full, p); err != nil || !ok {
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

// starting gives the paths that start with a prefix.
func (c *choice) starting(prefix string) []string {
	from, _ := slices.BinarySearch(c.paths, prefix)
	rest := c.paths[from:]
	return rest[:sort.Search(len(rest), func(i int) bool { return !strings.HasPrefix(rest[i], prefix) })]
}

// glob keeps what a pattern of Options.Keep matches, and counts the files.
func (c *choice) glob(pattern string, who report.Reason) (files int) {
	seen := map[string]bool{}
	for _, p := range c.starting(literal(path.Clean(pattern))) {
		if p != "." && matchGlob(pattern, p) {
			files += c.below(p, who, seen)
		}
	}
	return files
}

// below keeps a file, or the files of a directory that is not seen yet.
func (c *choice) below(p string, who report.Reason, seen map[string]bool) (files int) {
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
	if seen[at] {
		return 0
	}
	seen[at] = true
	inside := c.paths
	if at != "." {
		inside = c.starting(at + "/")
	}
	for _, q := range inside {
		if links, end, n := c.tree.find(q); n != nil && n.kind == fileNode {
			c.keep(links, end, who)
			files++
		}
	}
	return files
}

// rest keeps what is not kept yet.
func (c *choice) rest(who report.Reason) {
	for _, p := range c.paths {
		if c.because[p] != nil {
			continue
		}
		links, at, n := c.tree.find(p)
		c.keepLinks(links, who)
		if n != nil && n.kind == fileNode {
			c.keepLinks([]string{at}, who)
		}
	}
}

func (c *choice) keep(links []string, at string, who report.Reason) {
	c.keepLinks(append(links, at), who)
}

func (c *choice) keepLinks(paths []string, who report.Reason) {
	for _, p := range paths {
		if c.reasons > maxReasons {
			return // checkRoom says so
		}
		if c.because[p] == nil {
			c.because[p] = map[report.Reason]bool{}
		}
		if !c.because[p][who] {
			c.because[p][who] = true
			c.reasons++
		}
	}
}
