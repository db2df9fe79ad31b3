package image

import (
	"testing"

	"shimboot/tools/internal/badinput"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]size{
		"512":            {bytes: 512},
		"1KiB":           {bytes: 1 << 10},
		"32MiB":          {bytes: 32 << 20},
		"2GiB":           {bytes: 2 << 30},
		"3TiB":           {bytes: 3 << 40},
		"16GB":           {bytes: 16_000_000_000},
		"content":        {content: true},
		"content+20%":    {content: true, percent: 20},
		"content+0%":     {content: true},
		"content+0":      {content: true},
		"content+512MiB": {content: true, bytes: 512 << 20},
	} {
		if got, err := parseSize(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "0", "-1", "MiB", "1Gb", "1 MiB", "1mib", "1MiBMiB", "1.5GiB", "0x10", "99999999TiB", "8193TiB", "9223372036854775808",
		"content+", "content+20", "content20%", "content+-5%", "content+x%", "content+10001%", "content+99999999999%", "content-1MiB", "contents", "20%",
	} {
		if got, err := parseSize(text); !badinput.Is(err) {
			t.Errorf("%q: %+v, %v; want bad input", text, got, err)
		}
	}
}

func TestSizeOfContent(t *testing.T) {
	for _, test := range []struct {
		size  size
		least int64
		want  int64
	}{
		{size{bytes: 5}, 100, 5},
		{size{content: true}, 100, 100},
		{size{content: true, percent: 20}, 100, 120},
		{size{content: true, bytes: 7}, 100, 107},
	} {
		if got := test.size.apply(test.least); got != test.want {
			t.Errorf("%+v of %d: %d, want %d", test.size, test.least, got, test.want)
		}
	}
}
