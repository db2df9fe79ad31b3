package image

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"shimboot/tools/internal/badinput"
)

// specError says in the document's words, not in Go's, what is wrong with it.
func specError(d []byte, err error) error {
	const remedy = "docs/image-spec.md has an example"
	bad := func(offset int64) *badinput.Error {
		return badinput.New("spec, line %d", line(d, offset)).Fix(remedy)
	}
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	field, unknown := strings.CutPrefix(err.Error(), "json: unknown field ") // of no type
	switch {
	case errors.As(err, &wrong):
		e := bad(wrong.Offset).Got("%s", valueName(wrong.Value)).Want("%s", typeName(wrong.Type))
		if wrong.Field != "" {
			e.What += ": " + wrong.Field
		}
		return e
	case errors.As(err, &syntax):
		return bad(syntax.Offset).Got("%s", syntax).Want("JSON")
	case errors.Is(err, io.EOF):
		return badinput.New("spec").Got("an empty file").Want("a JSON object").Fix(remedy)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return bad(int64(len(d))).Got("the end of the file").Want("the rest of the JSON object")
	case unknown:
		e := badinput.New("spec").Got("unknown field %s", field).Want("fields of docs/image-spec.md only")
		if at := bytes.Index(d, []byte(field)); at >= 0 && bytes.Count(d, []byte(field)) == 1 {
			e.What = fmt.Sprintf("spec, line %d", line(d, int64(at)+1))
		}
		return e
	}
	return badinput.New("spec").Got("%v", err).Want("JSON").Fix(remedy)
}

// line is that of the last of the bytes before an offset, from 1.
func line(d []byte, offset int64) int {
	before := d[:min(max(offset-1, 0), int64(len(d)))]
	return 1 + bytes.Count(before, []byte("\n"))
}

// valueName is for what encoding/json calls a value of the document.
func valueName(value string) string {
	switch value {
	case "string":
		return "a text"
	case "number":
		return "a number"
	case "object":
		return "an object"
	case "array":
		return "a list"
	case "bool":
		return "true or false"
	}
	return "the " + value // a number as it stands there
}

// typeName is what a field of the type has in the document.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Int:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	}
	return "an object"
}
