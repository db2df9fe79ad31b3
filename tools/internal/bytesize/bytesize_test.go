package bytesize_test

import (
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/bytesize"
)

func TestParse(t *testing.T) {
	for _, text := range []string{"content", "foo", "", "0", "20%"} {
		if _, err := bytesize.Parse(text); !badinput.Is(err) || strings.Contains(err.Error(), "content+") {
			t.Errorf("Parse of %q: %v", text, err)
		}
	}
	if n, err := bytesize.Parse("8GiB"); err != nil || n != 8<<30 {
		t.Errorf("8GiB: %d, %v", n, err)
	}
}

func TestFormat(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 1023: "1023 bytes", 1 << 10: "1.0 KiB", 1536 << 10: "1.5 MiB", 1<<30 - 1: "1024.0 MiB", 16e9: "14.9 GiB",
	} {
		if got := bytesize.Format(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
