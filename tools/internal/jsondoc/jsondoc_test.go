package jsondoc_test

import (
	"bytes"
	"testing"

	"shimboot/tools/internal/jsondoc"
)

// As a person would write it, with a line break at the end.
func TestWrite(t *testing.T) {
	var b bytes.Buffer
	err := jsondoc.Write(&b, map[string]any{"a": "<&>", "b": []int{1}})
	const want = "{\n  \"a\": \"<&>\",\n  \"b\": [\n    1\n  ]\n}\n"
	if err != nil || b.String() != want {
		t.Errorf("%q, %v; want %q", b.String(), err, want)
	}
}
