package report

import (
	"strings"
	"testing"
)

// TestTextIsPlain: a name in an image cannot steer the terminal.
func TestTextIsPlain(t *testing.T) {
	r := New(Needed, Words{})
	r.Dangling = append(r.Dangling, Dangling{"lib/firmware/\x1b[2J\n", Shim, "\u202e"})
	if text := r.Text(0); strings.ContainsAny(text, "\x1b\u202e") || strings.Contains(text, "[2J\n\n") {
		t.Errorf("got %q", text)
	}
}
