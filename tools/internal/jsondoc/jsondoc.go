// Package jsondoc writes the JSON documents of this project: what --json
// prints, kernel.json, drivers.json.
//
//	err := jsondoc.Write(os.Stdout, report)
package jsondoc

import (
	"encoding/json"
	"io"
	"unicode"
	"unicode/utf16"
)

// Write writes v as one document, indented, with a line break at its end. What a
// terminal could take for more than a letter is written as \u and four digits.
func Write(w io.Writer, v any) error {
	e := json.NewEncoder(escaper{w})
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// escaper gets whole documents, in which only texts have more than ASCII.
type escaper struct{ w io.Writer }

func (e escaper) Write(doc []byte) (int, error) {
	out := make([]byte, 0, len(doc))
	for _, r := range string(doc) {
		if r == '\n' || unicode.IsPrint(r) {
			out = append(out, string(r)...)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			out = append(out, '\\', 'u')
			for shift := 12; shift >= 0; shift -= 4 {
				out = append(out, "0123456789abcdef"[unit>>shift&15])
			}
		}
	}
	if _, err := e.w.Write(out); err != nil {
		return 0, err
	}
	return len(doc), nil
}
