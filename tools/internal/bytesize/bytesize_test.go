package command_test

import (
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
)

func TestParseBytes(t *testing.T) {
	for _, text := range []string{"content", "foo", "", "0", "20%"} {
		if _, err := command.ParseBytes(text); !badinput.Is(err) || strings.Contains(err.Error(), "content+") {
			t.Errorf("ParseBytes of %q: %v", text, err)
		}
	}
	if n, err := command.ParseBytes("8GiB"); err != nil || n != 8<<30 {
		t.Errorf("8GiB: %d, %v", n, err)
	}
}
