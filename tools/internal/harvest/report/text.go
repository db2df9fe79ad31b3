package report

import (
	"fmt"
	"strings"

	"shimboot/tools/internal/terminal"
)

// text is a report for people on its way. What an image names cannot steer
// their terminals.
type text struct {
	strings.Builder
	most int // lines of a list, 0 for all
}

func (t *text) row(name, format string, args ...any) {
	fmt.Fprintf(t, "%-10s %s\n", name, terminal.Printable(fmt.Sprintf(format, args...)))
}

// title starts a section.
func (t *text) title(name, about string) { fmt.Fprintf(t, "\n%s (%s)\n", name, about) }

// note is a line of ours.
func (t *text) note(line string) { fmt.Fprintf(t, "  %s\n", line) }

// list has a line for each, and says how many more there are.
func list[T any](t *text, all []T, line func(T) string) {
	n := len(all)
	if t.most > 0 {
		n = min(n, t.most)
	}
	for _, one := range all[:n] {
		t.note(terminal.Printable(line(one)))
	}
	if n < len(all) {
		t.note(fmt.Sprintf("and %d more, all in drivers.txt", len(all)-n))
	}
}

// count is a number of things whose plural ends in s.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
