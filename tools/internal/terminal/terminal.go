// Package terminal makes text from an image safe for a terminal.
//
//	fmt.Println(terminal.Printable(partition.Name))
package terminal

import (
	"strings"
	"unicode"
)

// Printable replaces what could move the cursor or change colours, line breaks
// too, by U+FFFD.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// PrintableLines is Printable for a text whose line breaks are ours.
func PrintableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
