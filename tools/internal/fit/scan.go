package fit

import (
	"encoding/binary"

	"shimboot/tools/internal/badinput"
)

// Magic starts a flattened device tree, and so a FIT.
const Magic = "\xd0\x0d\xfe\xed"

const (
	headerSize = 40

	// The device tree's format has been version 17, which can be read as 16,
	// since 2007.
	version    = 17
	compatible = 16

	// A FIT has four levels, a board's device tree about ten.
	maxDepth = 32
	// maxItems bounds the nodes and properties of a tree. A FIT with a hundred
	// boards has some thousands.
	maxItems = 1 << 16
)

// The tokens of the structure block.
type token uint32

const (
	beginNode token = 1
	endNode   token = 2
	property  token = 3
	nop       token = 4
	end       token = 9
)

// item is one token of the structure block with what belongs to it.
type item struct {
	token token
	name  string
	at    int64 // offset of the token
	value int64 // offset of a property's value, and
	size  int64 // its length
}

// scanner goes through a flattened device tree. It holds nothing of it but two
// small buffers, and checks that nodes nest and that every offset is inside.
type scanner struct {
	total   int64 // bytes of the tree, as its header says
	blocks  region
	strings region
	pos     int64
	left    int // items that may still come

	depth    int
	children [maxDepth + 1]bool // by depth: a subnode was there
}

// scan reads the header of the tree that starts whole.
func scan(whole region) (*scanner, error) {
	h, err := whole.read(0, headerSize)
	if err != nil {
		return nil, err
	}
	if string(h[:4]) != Magic {
		return nil, whole.bad(0, "device tree's magic").Got("% x", h[:4]).Want("% x", Magic)
	}
	field := func(i int) int64 { return int64(binary.BigEndian.Uint32(h[4*i:])) }
	s := &scanner{total: field(1), pos: field(2), left: maxItems}
	if field(5) < compatible || field(6) > version {
		return nil, whole.bad(20, "device tree's version").Got("%d, compatible with %d", field(5), field(6)).
			Want("%d or %d", compatible, version)
	}
	if s.total < headerSize || s.total > whole.end {
		return nil, whole.bad(4, "device tree's size").Got("%d", s.total).
			Want("%d to %d, the bytes that are there", headerSize, whole.end)
	}
	blocks := s.total
	if field(5) >= version {
		blocks = s.pos + field(9) // the length of the structure block is new in 17
	}
	if s.pos%4 != 0 {
		return nil, whole.bad(8, "device tree's structure block").Got("offset %d", s.pos).Want("a multiple of 4")
	}
	if s.blocks, err = whole.part("device tree's structure block", s.pos, blocks, s.total); err != nil {
		return nil, err
	}
	s.strings, err = whole.part("device tree's strings block", field(3), field(3)+field(8), s.total)
	return s, err
}

// next gives the next item; the last is end, and none may be asked for then.
func (s *scanner) next() (item, error) {
	for {
		it := item{at: s.pos}
		word, err := s.word()
		if err != nil {
			return it, err
		}
		it.token = token(word)
		if it.token == nop {
			continue
		}
		if s.left--; s.left < 0 {
			return it, s.blocks.bad(it.at, "device tree").Got("more than %d nodes and properties", maxItems).Want("at most that")
		}
		switch it.token {
		case beginNode:
			err = s.begin(&it)
		case endNode:
			err = s.close(&it)
		case property:
			err = s.property(&it)
		case end:
			err = s.finish(&it)
		default:
			err = s.blocks.bad(it.at, "device tree's token").Got("0x%x", word).Want("1, 2, 3, 4 or 9")
		}
		return it, err
	}
}

func (s *scanner) begin(it *item) (err error) {
	if s.depth == 0 && s.children[0] {
		return s.misplaced(it, "a second root")
	}
	if s.depth == maxDepth {
		return s.blocks.bad(it.at, "device tree").Got("more than %d levels", maxDepth).Want("at most that")
	}
	if it.name, err = s.blocks.text(s.pos); err != nil {
		return err
	}
	s.pos = align(s.pos + int64(len(it.name)) + 1)
	s.children[s.depth] = true
	s.depth++
	s.children[s.depth] = false
	return nil
}

func (s *scanner) close(it *item) error {
	if s.depth == 0 {
		return s.misplaced(it, "the end of a node")
	}
	s.depth--
	return nil
}

func (s *scanner) property(it *item) error {
	// libfdt, and so firmware, does not see properties behind a subnode.
	if s.depth == 0 || s.children[s.depth] {
		return s.misplaced(it, "a property")
	}
	size, err := s.word()
	if err != nil {
		return err
	}
	name, err := s.word()
	if err != nil {
		return err
	}
	it.value, it.size = s.pos, int64(size)
	if it.size > s.blocks.end-s.pos {
		return s.blocks.bad(it.at, "device tree's property").Got("%d bytes", size).
			Want("at most %d, up to the end of the structure block", s.blocks.end-s.pos)
	}
	s.pos = align(s.pos + it.size)
	it.name, err = s.strings.text(s.strings.start + int64(name))
	return err
}

func (s *scanner) finish(it *item) error {
	if s.depth > 0 || !s.children[0] {
		return s.misplaced(it, "the end")
	}
	return nil
}

func (s *scanner) misplaced(it *item, what string) error {
	return s.blocks.bad(it.at, "device tree").Got("%s in a wrong place", what).Want("nodes that nest, properties first")
}

func (s *scanner) word() (uint32, error) {
	b, err := s.blocks.read(s.pos, 4)
	if err != nil {
		return 0, err
	}
	s.pos += 4
	return binary.BigEndian.Uint32(b), nil
}

func align(n int64) int64 { return (n + 3) &^ 3 }

// bad starts an error at an offset of the region's input.
func (g *region) bad(off int64, format string, args ...any) *badinput.Error {
	return badinput.New(format, args...).At(g.base + off)
}
