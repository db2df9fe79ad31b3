package jsondoc_test

import (
	"bytes"
	"encoding/json"
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

// The texts are as they were; nothing of them reaches a terminal as a command.
func TestWriteForATerminal(t *testing.T) {
	const text = "a\x1b[31m\u009b2J\u202e\x7f\U000e0041 é 日本 😀\u00a0"
	var b bytes.Buffer
	if err := jsondoc.Write(&b, text); err != nil {
		t.Fatal(err)
	}
	if want := `"a\u001b[31m\u009b2J\u202e\u007f\udb40\udc41 é 日本 😀\u00a0"` + "\n"; b.String() != want {
		t.Errorf("%q; want %q", b.String(), want)
	}
	var back string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != text {
		t.Errorf("%q, %v", back, err)
	}
}
