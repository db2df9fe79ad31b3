// Package jsondoc writes the JSON documents of this project: what --json
// prints, kernel.json, drivers.json.
//
//	err := jsondoc.Write(os.Stdout, report)
package jsondoc

import (
	"encoding/json"
	"io"
)

// Write writes v as one document, indented, with a line break at its end.
func Write(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
