package serial

import "strings"

// cleaner takes terminal control sequences (ECMA-48 CSI and OSC) and carriage
// returns out of a stream, wherever it is cut into pieces.
type cleaner struct {
	state cleanState
}

type cleanState int

const (
	plain   cleanState = iota
	escape             // after ESC
	control            // in a CSI, up to its last byte
	command            // in an OSC, up to BEL or ESC \
	closing            // after an OSC's ESC
)

const esc = 0x1b

func (c *cleaner) bytes(chunk []byte) string {
	var b strings.Builder
	for _, x := range chunk {
		if c.state == plain && x != esc && x != '\r' {
			b.WriteByte(x)
		}
		c.state = c.state.next(x)
	}
	return b.String()
}

func (s cleanState) next(x byte) cleanState {
	switch {
	case s == plain && x == esc:
		return escape
	case s == escape && x == '[':
		return control
	case s == escape && x == ']':
		return command
	case s == control && (x < 0x40 || x > 0x7e):
		return control
	case s == command && x == esc:
		return closing
	case s == command && x != 0x07:
		return command
	}
	return plain
}
