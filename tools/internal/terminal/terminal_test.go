package terminal_test

import (
	"testing"

	"shimboot/tools/internal/terminal"
)

func TestPrintable(t *testing.T) {
	if got := terminal.Printable("a\x1b[31mb\nü"); got != "a\ufffd[31mb\ufffdü" {
		t.Errorf("%q", got)
	}
}

func TestPrintableLines(t *testing.T) {
	if got := terminal.PrintableLines("a\rb\nc\x1b"); got != "a\ufffdb\nc\ufffd" {
		t.Errorf("%q", got)
	}
}
