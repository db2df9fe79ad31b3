package harvest

import (
	"path"

	"shimboot/tools/internal/harvest/report"
)

// searchDirs are where the kernel looks for firmware below lib/firmware, the
// first that has it wins (drivers/base/firmware_loader/main.c: fw_path).
func searchDirs(release string) []string {
	return []string{"updates/" + release, "updates", release, "."}
}

// request keeps what a firmware= entry names, or says why it cannot.
func (c *choice) request(name string, who []report.Reason) (reason string) {
	if !localName(name) {
		return "not a path below lib/firmware"
	}
	reason = "in no image"
	found := ""
	for _, dir := range c.dirs {
		clean := path.Join(dir, name)
		links, at, n := c.tree.find(clean)
		switch {
		case n != nil && n.kind == fileNode && found != "":
			c.hidden[at] = found
		case n != nil && n.kind == fileNode:
			for _, w := range who {
				c.keep(links, at, w)
			}
			c.companions(clean)
			found = clean
		case n != nil:
			reason = "a directory"
		case c.tree[at] != nil && c.tree[at].kind == deadNode:
			reason = "a link that leads nowhere"
		}
	}
	if clean := path.Clean(name); found != "" || hasMeta(clean) && c.pattern(clean, who) {
		return ""
	}
	return reason
}

// whyNot says why a file or link is not kept.
func (c *choice) whyNot(p string) string {
	if first := c.hidden[p]; first != "" {
		return first + " comes first"
	}
	return "not asked for"
}
