package fit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// maxText bounds a property that is a list of strings.
const maxText = 16 << 10

// node of a device tree with the places of its properties' values.
type node struct {
	name     string
	at       int64 // offset of the node in the tree
	props    []item
	children []*node
}

// tree is all of a device tree but the values of its properties.
type tree struct {
	region // of the whole tree
	root   *node
}

// readTree takes in what s still has to give.
func readTree(whole region, s *scanner) (*tree, error) {
	t := &tree{region: whole}
	var open []*node
	for {
		it, err := s.next()
		if err != nil {
			return nil, err
		}
		switch it.token {
		case beginNode:
			n := &node{name: it.name, at: it.at}
			if len(open) == 0 {
				t.root = n
			} else {
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			}
			open = append(open, n)
		case endNode:
			open = open[:len(open)-1]
		case property:
			n := open[len(open)-1]
			n.props = append(n.props, it)
		case end:
			return t, nil
		}
	}
}

// rootProperty gives a property of the root, nil where there is none. The
// subnodes of a board's tree, thousands, are not looked at.
func rootProperty(s *scanner, name string) (*item, error) {
	for n := 0; ; n++ {
		it, err := s.next()
		if err != nil {
			return nil, err
		}
		switch {
		case it.token == property && it.name == name:
			return &it, nil
		case it.token != property && n > 0:
			return nil, nil
		}
	}
}

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (n *node) property(name string) *item {
	for i := range n.props {
		if n.props[i].name == name {
			return &n.props[i]
		}
	}
	return nil
}

// texts gives the strings of a property, none for nil.
func (g *region) texts(p *item) ([]string, error) {
	if p == nil || p.size == 0 {
		return nil, nil
	}
	if p.size > maxText {
		return nil, g.bad(p.value, "property %s", p.name).Got("%d bytes", p.size).Want("at most %d", maxText)
	}
	b := make([]byte, p.size)
	if n, err := g.r.ReadAt(b, p.value); n < len(b) {
		return nil, fmt.Errorf("reading the property %s: %w", p.name, err)
	}
	if b[len(b)-1] != 0 {
		return nil, g.bad(p.value, "property %s", p.name).Got("no NUL at its end").Want("strings")
	}
	var list []string
	for _, s := range bytes.Split(b[:len(b)-1], []byte{0}) {
		if !printable(s) {
			return nil, g.bad(p.value, "property %s", p.name).Got("%q", s).Want("printable strings")
		}
		list = append(list, string(s))
	}
	return list, nil
}

// fields reads properties of one node and remembers the first error.
type fields struct {
	*tree
	*node
	err error
}

// texts gives the strings of a property, none where it is missing.
func (f *fields) texts(name string) []string {
	list, err := f.region.texts(f.property(name))
	f.fail(err)
	return list
}

// text gives the one string of a property, "" where it is missing.
func (f *fields) text(name string) string {
	list := f.texts(name)
	if len(list) == 0 {
		return ""
	}
	if len(list) > 1 {
		f.fail(f.bad(f.property(name).value, "property %s of %s", name, f.name).Got("%d strings", len(list)).Want("one"))
	}
	return list[0]
}

// number gives an integer of one or two cells, and whether it is there.
func (f *fields) number(name string) (uint64, bool) {
	p := f.property(name)
	if p == nil || f.err != nil {
		return 0, false
	}
	if p.size != 4 && p.size != 8 {
		f.fail(f.bad(p.value, "property %s of %s", name, f.name).Got("%d bytes", p.size).Want("4 or 8"))
		return 0, false
	}
	var b [8]byte
	if _, err := f.r.ReadAt(b[8-p.size:], p.value); err != nil && err != io.EOF {
		f.fail(fmt.Errorf("reading the property %s: %w", name, err))
	}
	return binary.BigEndian.Uint64(b[:]), true
}

func (f *fields) fail(err error) {
	if f.err == nil {
		f.err = err
	}
}
