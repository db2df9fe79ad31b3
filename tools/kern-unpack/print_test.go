package main

import (
	"fmt"
	"strings"
	"testing"

	"shimboot/tools/internal/kernel"
)

// A FIT for a whole family of boards leaves room for the rest of the screen.
func TestManyConfigurations(t *testing.T) {
	f := &kernel.FITReport{Configuration: "conf-1"}
	for i := range 40 {
		f.Configurations = append(f.Configurations, kernel.FITConfiguration{Name: fmt.Sprintf("conf-%d", i)})
	}
	f.Configurations[0].Compatible = []string{strings.Repeat("google,a ", 12), "b"}
	var b strings.Builder
	p := &printer{w: &b}
	p.fit(f)
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if p.err != nil || len(lines) != 1+2+11+1 || strings.TrimSpace(lines[14]) != "and 28 more: see --json" {
		t.Errorf("%v\n%s", p.err, b.String())
	}
	if !strings.Contains(b.String(), "  conf-1      for no board by name (taken)\n") {
		t.Errorf("%s", b.String())
	}
}

func TestWhatCannotBePrintedIsAnError(t *testing.T) {
	p := &printer{w: failing{}}
	p.row("name", "text")
	if p.err == nil {
		t.Error("a failure to write is lost")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("disk full") }
