package harvest

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"shimboot/tools/internal/compress"
)

type nodeKind int

const (
	dirNode nodeKind = iota
	fileNode
	linkNode // to another name of the tree
	deadNode // a link that leads nowhere
)

// node is a name below lib/firmware.
type node struct {
	kind   nodeKind
	from   *root
	real   string          // its own path in the image
	source string          // real path of a file, or of the file that a link leads to
	size   int64           // of that
	format compress.Format // of that
	raw    string          // target of a link as it is in the image
	target string          // the same as a path in the tree, if it is one
}

// tree is lib/firmware as it will be, by clean path: names without the suffix
// of a compression, links that lead out of it replaced by what is there. The
// parents of a node are always directories.
type tree map[string]*node

func (t tree) paths() []string { return slices.Sorted(maps.Keys(t)) }

// find follows a path through the tree. It gives the links it went through,
// and the path and node it came to, nil if there is none.
func (t tree) find(name string) (links []string, at string, n *node) {
	todo := strings.Split(name, "/")
	if name == "." {
		todo = nil
	}
	at, n = ".", t["."]
	for len(todo) > 0 {
		if n == nil || n.kind != dirNode {
			return links, at, nil
		}
		at = path.Join(at, todo[0])
		todo = todo[1:]
		if n = t[at]; n == nil || n.kind == deadNode {
			return links, at, nil
		}
		if n.kind != linkNode {
			continue
		}
		if links = append(links, at); len(links) > maxLinks {
			return links, at, nil
		}
		todo = append(strings.Split(n.target, "/"), todo...)
		at, n = ".", t["."]
	}
	return links, at, n
}

// settle decides which links lead to something.
func (t tree) settle(ctx context.Context) error {
	for _, p := range t.paths() {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := t[p]
		if n.kind != linkNode {
			continue
		}
		if _, _, end := t.find(n.target); end != nil {
			continue
		}
		if n.kind = deadNode; n.source != "" {
			n.kind = fileNode // it leads somewhere in the image
		}
	}
	return nil
}

// revive makes links of the dead ones that lead to something after all, in the
// other image. Each may be what others lack: those wait for it, so that none is
// looked at more often than there are links on its way.
func (t tree) revive(ctx context.Context) error {
	waiting := map[string][]string{} // dead links, by the one that they came to
	for _, todo := range t.paths() {
		for list := []string{todo}; len(list) > 0; {
			p := list[len(list)-1]
			list = list[:len(list)-1]
			if err := ctx.Err(); err != nil {
				return err
			}
			n := t[p]
			if n.kind != deadNode || n.target == "" {
				continue
			}
			_, at, end := t.find(n.target)
			if end != nil {
				n.kind = linkNode
				list = append(list, waiting[p]...)
				delete(waiting, p)
			} else if dead := t[at]; dead != nil && dead.kind == deadNode && at != p {
				waiting[at] = append(waiting[at], p)
			}
		}
	}
	return nil
}

// merge lays over on under: what over has, it keeps. The rest of under is put
// where its path leads in over, so that a link to a directory there is no
// obstacle. Hidden are the files and links of under that lost.
func merge(ctx context.Context, over, under tree) (merged, hidden tree, err error) {
	merged, hidden = maps.Clone(over), tree{}
	for _, p := range under.paths() {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		n := under[p]
		if p == "." {
			continue
		}
		_, dir, parent := merged.find(path.Dir(p))
		if parent == nil || parent.kind != dirNode {
			hidden[p] = n
			continue
		}
		at := path.Join(dir, path.Base(p))
		old := merged[at]
		switch {
		case old == nil || old.kind == deadNode && n.kind != deadNode:
			merged[at] = n
		case n.kind == fileNode || n.kind == linkNode:
			hidden[p] = n
		}
	}
	return merged, hidden, merged.revive(ctx)
}
