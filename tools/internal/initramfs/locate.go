package initramfs

import (
	"bytes"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/cpio"
)

// maxTried bounds how many candidates are looked at. A kernel has one or two.
const maxTried = 64

// Locate finds the one archive in the segments. limit bounds what any
// candidate may decompress to, and twice that all of them together.
func Locate(segments []Segment, limit int64) (*Found, error) {
	s := search{limit: limit, left: 2 * limit}
	for i := range segments {
		if err := s.segment(&segments[i]); err != nil {
			return nil, err
		}
	}
	return s.result()
}

// search is what one Locate knows so far.
type search struct {
	limit int64
	left  int64 // bytes that may still be decompressed
	tried int
	found []*Found // at most two, equally good
	large *Found   // a candidate that was given up because of limit
}

func (s *search) result() (*Found, error) {
	e := badinput.New("built-in initramfs")
	switch {
	case len(s.found) > 1:
		return nil, e.Got("at least %d that are equally good: %s", len(s.found), places(s.found)).
			Want("one").Fix("take another release of the board's shim, and report this one: no kernel is known to hold two")
	case len(s.found) == 1:
		return s.found[0], nil
	case s.large != nil:
		return nil, &compress.LimitError{Err: e.At(s.large.Offset).
			Got("more than %d bytes in a %s stream", s.limit, s.large.Compression).Want("at most that")}
	}
	return nil, e.Got("none in the kernel").Want("one").Fix("a ChromeOS RMA shim has one; is this the shim's image?")
}

func places(found []*Found) string {
	var b bytes.Buffer
	for i, f := range found {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d bytes at %d", f.Size, f.Offset)
	}
	return b.String()
}

// segment tries the candidates of one segment.
func (s *search) segment(seg *Segment) error {
	// ended has the starts whose stream is known to end, or to pass the limit,
	// within a range that was tried: longer ranges from there are no match.
	ended := map[int]bool{}
	for c := range seg.candidates() {
		if ended[c.start] {
			continue
		}
		if s.tried++; s.tried > maxTried {
			return badinput.New("built-in initramfs").Got("more than %d places that look like one", maxTried).Want("one").
				Fix("the kernel is damaged or made to keep us busy")
		}
		f := &Found{Offset: seg.Offset + int64(c.start), Size: int64(c.size), Compression: compress.Detect(seg.data(c))}
		end, err := s.unpack(f, seg.data(c))
		if err != nil {
			return err
		}
		ended[c.start] = end == before || end == overLimit
		if end == exact {
			s.keep(f)
		}
	}
	return nil
}

// keep adds f if it is an archive. One with /init is better than any without;
// of equally good ones the second is enough to say so.
func (s *search) keep(f *Found) {
	entries, err := cpio.Read(bytes.NewReader(f.Cpio), int64(len(f.Cpio)))
	if err != nil {
		return
	}
	f.Entries = entries
	switch {
	case len(s.found) == 0 || f.HasInit() && !s.found[0].HasInit():
		s.found = []*Found{f}
	case f.HasInit() == s.found[0].HasInit() && len(s.found) < 2:
		s.found = append(s.found, f)
	}
}

// ending is how a stream ends within the range of a candidate.
type ending int

const (
	broken    ending = iota // it is no whole stream
	exact                   // at the end of the range
	before                  // before the end of the range
	overLimit               // it was given up
)

// slack is how much may follow a stream: Kbuild of 5.7 to 5.16 appends the 4
// bytes of the uncompressed size to some formats.
const slack = 7

// unpack decompresses data into f.Cpio. The error is that of the whole search.
func (s *search) unpack(f *Found, data []byte) (ending, error) {
	if f.Compression == compress.None {
		f.Cpio = data
		return exact, nil
	}
	src := &tail{data: data}
	r, err := compress.NewReader(f.Compression, src)
	if err != nil {
		return broken, nil
	}
	defer r.Close()
	allowed := min(s.limit, s.left)
	out, err := compress.Collect(r, 0, allowed)
	n := int64(len(out))
	s.left -= min(n, allowed)
	switch {
	case n > s.limit:
		s.large = f
		return overLimit, nil
	case n > allowed:
		return broken, &compress.LimitError{Err: badinput.New("built-in initramfs").
			Got("several streams that decompress to %d bytes and more", 2*s.limit).Want("at most that").
			Fix("the kernel is damaged or made to keep us busy")}
	case err != nil:
		return broken, nil
	case len(src.data) > slack:
		return before, nil
	}
	f.Cpio = out
	return exact, nil
}

// tail reads data, the last bytes one at a time: decoders read ahead in
// blocks, and this shows how far the stream went.
type tail struct{ data []byte }

func (t *tail) Read(p []byte) (int, error) {
	if len(t.data) == 0 {
		return 0, io.EOF
	}
	if len(p) > 0 {
		p = p[:min(len(p), max(len(t.data)-slack-1, 1))]
	}
	n := copy(p, t.data)
	t.data = t.data[n:]
	return n, nil
}
