package flash

import (
	"bytes"
	"slices"
	"strings"
)

// Named is a place in the image where a GUID stands as text that the disk has
// not any more, such as PARTUUID=… in a boot loader's settings.
type Named struct {
	GUID string
	At   int64 // byte of the image
}

// guidText is how long a GUID is as text: 8-4-4-4-12 hexadecimal digits.
const guidText = 36

// search finds GUIDs in an image that passes by. What is compressed in the image
// it does not see.
type search struct {
	guids []string // upper case
	found []Named  // the first place of each

	tail []byte // the last bytes that passed, less than a GUID
	next int64  // where they end
}

// pass looks at what is at a place of the image.
func (s *search) pass(off int64, data []byte) {
	if len(s.guids) == 0 {
		return
	}
	if off != s.next {
		s.tail = nil
	}
	joint := slices.Concat(s.tail, data[:min(guidText-1, len(data))])
	s.look(off-int64(len(s.tail)), joint)
	s.look(off, data)
	s.next = off + int64(len(data))
	if len(data) < guidText {
		s.tail = joint[max(0, len(joint)-guidText+1):]
	} else {
		s.tail = bytes.Clone(data[len(data)-guidText+1:])
	}
}

// look goes from dash to dash.
func (s *search) look(off int64, b []byte) {
	for at := 0; ; at++ {
		dash := bytes.IndexByte(b[at:], '-')
		if dash < 0 {
			return
		}
		at += dash
		from, to := at-8, at-8+guidText
		if from < 0 || to > len(b) || b[at+5] != '-' || b[at+10] != '-' || b[at+15] != '-' {
			continue
		}
		guid := strings.ToUpper(string(b[from:to]))
		known := func(n Named) bool { return n.GUID == guid }
		if slices.Contains(s.guids, guid) && !slices.ContainsFunc(s.found, known) {
			s.found = append(s.found, Named{guid, off + int64(from)})
		}
	}
}
