package image

import (
	"strconv"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
)

// size is a partition's size before its content is measured.
type size struct {
	content bool  // the content's own size, plus:
	bytes   int64 // a number of bytes
	percent int64 // of the content
}

// No sum of 128 partitions is too large for 64 bits with these.
const (
	maxBytes   = 1 << 53 // 8 PiB
	maxPercent = 10_000
)

// units are those of files, and those that sticks are sold by.
func units() map[string]int64 {
	return map[string]int64{
		"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
		"kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
	}
}

// parseSize reads "32MiB", "content", "content+20%" and "content+512MiB".
func parseSize(text string) (size, error) {
	bad := badinput.New("size").Got("%q", text).Want(`"32MiB", "content", "content+20%%" or "content+512MiB"`)
	if text == "content" {
		return size{content: true}, nil
	}
	more, isContent := strings.CutPrefix(text, "content+")
	if p, ok := strings.CutSuffix(more, "%"); ok && isContent {
		n, err := strconv.ParseInt(p, 10, 32)
		if err != nil || n < 0 || n > maxPercent {
			return size{}, bad
		}
		return size{content: true, percent: n}, nil
	}
	n, plain, ok := number(more)
	if !ok || (n == 0 && !isContent) {
		return size{}, bad
	}
	if plain && n != 0 && isContent {
		return size{}, bad.Fix("a number that is added has a unit or a %% sign")
	}
	return size{content: isContent, bytes: n}, nil
}

// number reads digits and a unit, and tells where there are digits only.
func number(text string) (n int64, plain, ok bool) {
	digits := strings.TrimRight(text, "KkMGTiB")
	unit, known := units()[text[len(digits):]]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !known || n < 0 || n > maxBytes/unit {
		return 0, false, false
	}
	return n * unit, digits == text, true
}

// parseReserve reads "5%" and "64MiB"; "" is nothing.
func parseReserve(text string) (ext4.Reserve, error) {
	if text == "" {
		return ext4.Reserve{}, nil
	}
	if p, ok := strings.CutSuffix(text, "%"); ok {
		if n, err := strconv.ParseInt(p, 10, 8); err == nil && n >= 0 && n <= 50 {
			return ext4.Reserve{Percent: int(n)}, nil
		}
	} else if n, err := ParseBytes(text); err == nil {
		return ext4.Reserve{Bytes: n}, nil
	}
	return ext4.Reserve{}, badinput.New("reserved").Got("%q", text).Want(`"0%%" to "50%%", or a size such as "64MiB"`)
}

// apply gives the bytes of a partition whose content takes at least least.
func (s size) apply(least int64) int64 {
	if !s.content {
		return s.bytes
	}
	return least + least*s.percent/100 + s.bytes
}

// ParseBytes reads a plain size such as "8GiB".
func ParseBytes(text string) (int64, error) {
	n, _, ok := number(text)
	if !ok || n == 0 {
		return 0, badinput.New("size").Got("%q", text).Want("a number of bytes such as 512MiB, 8GiB or 16GB")
	}
	return n, nil
}
