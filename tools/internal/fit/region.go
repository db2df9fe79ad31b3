package fit

import (
	"bytes"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

const (
	windowSize = 4096
	// maxName bounds the names of nodes and properties, which have at most 31
	// characters by the specification, and more in practice.
	maxName = 255
)

// region is a part of the input, read through a small window: most of a FIT is
// the kernel, which is passed over.
type region struct {
	what  string // for messages
	r     io.ReaderAt
	base  int64 // of r in the whole input, for messages
	start int64 // in r, like end
	end   int64

	window []byte
	at     int64 // of window in r
}

// part narrows the region to [start, end), where all must be inside total.
func (g *region) part(what string, start, end, total int64) (region, error) {
	if start < headerSize || start > end || end > total {
		return region{}, g.bad(max(start, 0), "%s", what).Got("bytes %d to %d", start, end).
			Want("a place inside the tree's %d bytes", total)
	}
	return region{what: what, r: g.r, base: g.base, start: start, end: end}, nil
}

// read gives n bytes, at most windowSize, which are good until the next call.
func (g *region) read(off, n int64) ([]byte, error) {
	if off < g.start || off > g.end || n > g.end-off {
		return nil, g.bad(off, "%s", g.what).Got("%d bytes up to its end", max(g.end-off, 0)).Want("%d", n)
	}
	if off < g.at || off+n > g.at+int64(len(g.window)) {
		if cap(g.window) == 0 {
			g.window = make([]byte, windowSize)
		}
		g.window = g.window[:min(windowSize, g.end-off)]
		g.at = off
		if got, err := g.r.ReadAt(g.window, off); got < len(g.window) {
			g.window = g.window[:0]
			return nil, fmt.Errorf("reading the %s: %w", g.what, err)
		}
	}
	return g.window[off-g.at:][:n], nil
}

// text gives the NUL-terminated name at off.
func (g *region) text(off int64) (string, error) {
	n := min(maxName+1, max(g.end-off, 1))
	b, err := g.read(off, n)
	if err != nil {
		return "", err
	}
	i := bytes.IndexByte(b, 0)
	if i < 0 {
		return "", g.bad(off, "%s", g.what).Got("a name of %d bytes and more", n).Want("at most %d and a NUL", maxName)
	}
	if !printable(b[:i]) {
		return "", g.bad(off, "%s", g.what).Got("%q", b[:i]).Want("a printable name")
	}
	return string(b[:i]), nil
}

// printable: names end up in messages and on terminals.
func printable(b []byte) bool {
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		if c == utf8.RuneError && n == 1 || !unicode.IsPrint(c) {
			return false
		}
		b = b[n:]
	}
	return true
}
