package tree

import "strings"

// texts keeps very many short texts without a header or a rounded-up size for
// each.
type texts struct {
	blocks []*strings.Builder // none ever grows beyond what it was made with
}

// ref names a text by the place where it starts, and its length.
type ref struct{ at, n uint32 }

const textBlock = 1 << 20 // more than the longest

func (t *texts) put(s string) ref {
	if len(s) == 0 {
		return ref{}
	}
	last := len(t.blocks) - 1
	if last < 0 || t.blocks[last].Len()+len(s) > textBlock {
		b := &strings.Builder{}
		b.Grow(textBlock)
		t.blocks = append(t.blocks, b)
		last++
	}
	b := t.blocks[last]
	r := ref{uint32(last*textBlock + b.Len()), uint32(len(s))}
	b.WriteString(s)
	return r
}

// size is what all of them take, in bytes.
func (t *texts) size() int64 { return int64(len(t.blocks)) * textBlock }

// get gives the text without copying it.
func (t *texts) get(r ref) string {
	if r.n == 0 {
		return ""
	}
	return t.blocks[r.at/textBlock].String()[r.at%textBlock:][:r.n]
}
