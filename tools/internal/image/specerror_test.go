package image

import (
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
)

// What is said is about the document: its lines, its fields, JSON's kinds.
func TestSpecErrors(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":   {" \n", "spec: found an empty file, want a JSON object; docs/image-spec.md has"},
		"cut off": {"{\n\"seed\":\n", "spec, line 2: found the end of the file, want the rest"},
		"text for an object": {
			"{\n\"partitions\": [\n{\"content\": {\"ext4\": {\"sources\": [\n\"root.tar\"]}}}]}",
			"spec, line 4: partitions.content.ext4.sources: found a text, want an object; docs/image-spec.md has",
		},
		"number for a text":  {`{"seed": 5}`, "spec, line 1: seed: found a number, want a text"},
		"text for a number":  {"\n{\n\"schemaVersion\":\n\"1\"}", "spec, line 4: schemaVersion: found a text, want a whole number"},
		"fraction":           {`{"schemaVersion": 1.5}`, "schemaVersion: found the number 1.5, want a whole number"},
		"object for a list":  {`{"partitions": {}}`, "partitions: found an object, want a list"},
		"list for an object": {`[]`, "spec, line 1: found a list, want an object"},
		"text for a bool":    {`{"partitions": [{"successful": "yes"}]}`, "partitions.successful: found a text, want true or false"},
		"brace in a list":    {"{\"partitions\": [\n{}\n{}]}", "spec, line 3: found invalid character '{' after array element, want JSON"},
		"unknown field":      {"{\n\"colour\": 1}", `spec, line 2: found unknown field "colour", want`},
		"two documents":      {"{}\n{}", "spec, line 2: found more than one document, want one"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadSpec(strings.NewReader(test.text), ".")
			if !badinput.Is(err) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
