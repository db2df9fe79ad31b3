package traits

import (
	"bytes"
	"fmt"
)

// mark is a text that stands in a kernel which has something built in.
type mark string

// word is a mark that is a string by itself, not a part of one.
func word(text string) mark { return mark("\x00" + text + "\x00") }

// find gives where the mark's text stands in the kernel.
func (k *Kernel) find(m mark) (offset int64, ok bool) {
	for _, part := range k.Parts {
		if i := bytes.Index(part.Data, []byte(m)); i >= 0 {
			if m[0] == 0 {
				i++
			}
			return part.Offset + int64(i), true
		}
	}
	return 0, false
}

// seen is Yes where the kernel has the mark, and else No.
func (k *Kernel) seen(m mark) Finding {
	if at, ok := k.find(m); ok {
		return Finding{Yes, fmt.Sprintf("%s at 0x%x", m, at)}
	}
	return Finding{No, fmt.Sprintf("no %s", m)}
}

// String is how evidence has the mark.
func (m mark) String() string {
	return fmt.Sprintf("%q", bytes.Trim([]byte(m), "\x00"))
}
