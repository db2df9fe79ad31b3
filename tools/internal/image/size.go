package image

import (
	"strconv"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/mkext4"
)

// size is a partition's size before its content is measured.
type size struct {
	content bool  // the content's own size, plus:
	bytes   int64 // a number of bytes
	percent int64 // of the content
}

const maxPercent = 10_000

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
	n, unit, ok := bytesize.Cut(more)
	if !ok || (n == 0 && !isContent) {
		return size{}, bad
	}
	if unit == "" && n != 0 && isContent {
		return size{}, bad.Fix("a number that is added has a unit or a %% sign")
	}
	return size{content: isContent, bytes: n}, nil
}

// parseReserve reads "5%" and "64MiB"; "" is nothing.
func parseReserve(text string) (mkext4.Reserve, error) {
	if text == "" {
		return mkext4.Reserve{}, nil
	}
	if p, ok := strings.CutSuffix(text, "%"); ok {
		if n, err := strconv.ParseInt(p, 10, 8); err == nil && n >= 0 && n <= 50 {
			return mkext4.Reserve{Percent: int(n)}, nil
		}
	} else if n, err := bytesize.Parse(text); err == nil {
		return mkext4.Reserve{Bytes: n}, nil
	}
	return mkext4.Reserve{}, badinput.New("reserved").Got("%q", text).Want(`"0%%" to "50%%", or a size such as "64MiB"`)
}

// apply gives the bytes of a partition whose content takes at least least.
func (s size) apply(least int64) int64 {
	if !s.content {
		return s.bytes
	}
	return least + least*s.percent/100 + s.bytes
}
