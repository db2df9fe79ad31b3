package cpio

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
	"shimboot/tools/internal/unixmode"
)

// Read lists the entries of all archives in the first size bytes of r. Their
// contents are read from r when they are opened, so r must outlive them. The
// error names the byte offset of what is wrong.
func Read(r io.ReaderAt, size int64) ([]*tree.Entry, error) {
	p := &parser{r: r, size: size, byPath: map[string]*tree.Entry{}}
	archives := 0
	for {
		more, err := p.skipPadding()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if err := p.archive(); err != nil {
			return nil, err
		}
		archives++
	}
	if archives == 0 {
		return nil, badinput.New("cpio archive").At(0).Got("%d bytes without an entry", size).Want("magic %s", magicNewc)
	}
	entries := make([]*tree.Entry, 0, len(p.order))
	for _, name := range p.order {
		if e := p.byPath[name]; e != nil {
			entries = append(entries, e)
			p.byPath[name] = nil
		}
	}
	return entries, nil
}

type parser struct {
	r         io.ReaderAt
	pos, size int64
	entries   int
	texts     int64 // bytes of names and links
	order     []string
	byPath    map[string]*tree.Entry
}

// link identifies a file with several names within one archive.
type link struct{ ino, major, minor uint32 }

// skipPadding moves over zero bytes and tells whether anything follows.
func (p *parser) skipPadding() (bool, error) {
	buf := make([]byte, 4096)
	for p.pos < p.size {
		n := min(int64(len(buf)), p.size-p.pos)
		if err := p.readAt(buf[:n], p.pos, "padding"); err != nil {
			return false, err
		}
		for _, c := range buf[:n] {
			if c != 0 {
				return true, nil
			}
			p.pos++
		}
	}
	return false, nil
}

// archive reads one archive up to its trailer. The kernel forgets hard links
// at the trailer, so the map of links lives here.
func (p *parser) archive() error {
	links := map[link]*tree.Entry{}
	base := p.pos
	for {
		start := p.pos
		h, name, err := p.header(base)
		if err != nil {
			return err
		}
		data := p.pos
		if int64(h.size) > p.size-data {
			return badinput.New("content of %q", name).At(data).Got("%d bytes left", p.size-data).Want("%d", h.size)
		}
		p.pos = min(p.size, base+align4(data+int64(h.size)-base))
		if name == trailer {
			return nil
		}
		e, err := p.entry(h, name, start, data)
		if err != nil {
			return err
		}
		if err := p.count(name, e.Target, start); err != nil {
			return err
		}
		p.linkUp(h, e, links)
		if p.byPath[e.Path] == nil {
			p.order = append(p.order, e.Path)
		}
		p.byPath[e.Path] = e
	}
}

// count bounds what all entries take together.
func (p *parser) count(name, target string, at int64) error {
	if p.entries++; p.entries > maxEntries {
		return badinput.New("cpio archive").At(at).Got("more than %d entries", maxEntries).Want("at most that")
	}
	if p.texts += int64(len(name) + len(target)); p.texts > maxTexts {
		return badinput.New("cpio archive").At(at).Got("more than %d bytes of names and links", maxTexts).Want("at most that")
	}
	return nil
}

// linkUp joins further names of a file. The content may stand at any one of
// them (GNU cpio writes it at the last); the first name is made the owner.
func (p *parser) linkUp(h *header, e *tree.Entry, links map[link]*tree.Entry) {
	if h.nlink < 2 || e.Mode.IsDir() {
		return
	}
	id := link{h.ino, h.devMajor, h.devMinor}
	first := links[id]
	if first == nil || first.Path == e.Path {
		links[id] = e
		return
	}
	if e.Size > 0 && first.Size == 0 {
		first.Size, first.Open = e.Size, e.Open
	}
	e.Link, e.Size, e.Open = first.Path, 0, nil
}

func (p *parser) readAt(b []byte, off int64, what string) error {
	if int64(len(b)) > p.size-off {
		return badinput.New("cpio %s", what).At(off).Got("%d bytes left", p.size-off).Want("%d", len(b))
	}
	if n, err := p.r.ReadAt(b, off); n < len(b) {
		return fmt.Errorf("reading cpio %s at offset %d: %w", what, off, err)
	}
	return nil
}

func (p *parser) header(base int64) (*header, string, error) {
	raw := make([]byte, headerSize)
	if err := p.readAt(raw, p.pos, "header"); err != nil {
		return nil, "", err
	}
	if m := string(raw[:6]); m != magicNewc && m != magicCRC {
		return nil, "", badinput.New("cpio magic").At(p.pos).Got("%q", m).Want("%s or %s", magicNewc, magicCRC)
	}
	var bin [(headerSize - 6) / 2]byte
	if _, err := hex.Decode(bin[:], raw[6:]); err != nil {
		return nil, "", badinput.New("cpio header").At(p.pos).Got("%q", raw).Want("hexadecimal digits")
	}
	h := &header{}
	for i, f := range h.fields() {
		*f = binary.BigEndian.Uint32(bin[4*i:])
	}
	if string(raw[:6]) == magicNewc {
		h.sum = 0 // only 070702 defines it
	}
	if h.nameSize == 0 || h.nameSize > maxName {
		return nil, "", badinput.New("cpio name length").At(p.pos+94).Got("%d", h.nameSize).Want("1 to %d", maxName)
	}
	name := make([]byte, h.nameSize)
	if err := p.readAt(name, p.pos+headerSize, "name"); err != nil {
		return nil, "", err
	}
	if name[len(name)-1] != 0 || strings.IndexByte(string(name[:len(name)-1]), 0) >= 0 {
		return nil, "", badinput.New("cpio name").At(p.pos+headerSize).Got("%q", name).Want("one zero byte, at the end")
	}
	p.pos = min(p.size, base+align4(p.pos+headerSize+int64(h.nameSize)-base))
	return h, string(name[:len(name)-1]), nil
}

// entry makes a tree entry.
func (p *parser) entry(h *header, name string, start, data int64) (*tree.Entry, error) {
	clean, ok := cleanName(name)
	if !ok {
		return nil, badinput.New("cpio name").At(start+headerSize).Got("%q", name).Want("a path inside the archive")
	}
	mode, ok := unixmode.ToFS(h.mode)
	if !ok {
		return nil, badinput.New("file type of %q", name).At(start+14).Got("mode %o", h.mode).Want("a Unix file type")
	}
	e := &tree.Entry{
		Path: clean, Mode: mode, UID: h.uid, GID: h.gid,
		ModTime: time.Unix(int64(h.mtime), 0).UTC(),
	}
	switch {
	case mode.IsRegular():
		e.Size = int64(h.size)
		section := io.NewSectionReader(p.r, data, e.Size)
		e.Open = func() (io.ReadCloser, error) {
			return io.NopCloser(io.NewSectionReader(section, 0, section.Size())), nil
		}
		if h.sum != 0 && h.size > 0 {
			return e, p.checkSum(h, name, data)
		}
	case mode.Type() == fs.ModeSymlink:
		if h.size == 0 || h.size > maxName {
			return nil, badinput.New("target of symlink %q", name).At(data).Got("%d bytes", h.size).Want("1 to %d", maxName)
		}
		target := make([]byte, h.size)
		if err := p.readAt(target, data, "symlink target"); err != nil {
			return nil, err
		}
		// As Linux takes it: up to the first NUL.
		if e.Target, _, _ = strings.Cut(string(target), "\x00"); e.Target == "" {
			return nil, badinput.New("target of symlink %q", name).At(data).Got("none before a NUL").Want("a path")
		}
	case mode&fs.ModeDevice != 0:
		e.Major, e.Minor = h.major, h.minor
	}
	return e, nil
}

// checkSum checks the sum of bytes that a 070702 header carries.
func (p *parser) checkSum(h *header, name string, data int64) error {
	r := io.NewSectionReader(p.r, data, int64(h.size))
	buf := make([]byte, 1<<16)
	var sum uint32
	for {
		n, err := r.Read(buf)
		for _, c := range buf[:n] {
			sum += uint32(c)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("reading %q: %w", name, err)
		}
	}
	if sum != h.sum {
		return badinput.New("checksum of %q", name).At(data).Got("%08x", sum).Want("%08x", h.sum)
	}
	return nil
}

// cleanName makes a relative path of a name; "../" out of the root is refused.
func cleanName(name string) (string, bool) {
	clean := path.Clean(strings.TrimLeft(name, "/"))
	if !fs.ValidPath(clean) {
		return "", false
	}
	return clean, true
}
