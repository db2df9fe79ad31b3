// Package bytesize writes and reads numbers of bytes as people have them.
//
//	bytesize.Format(1536 << 10)         // "1.5 MiB"
//	n, err := bytesize.Parse("8GiB")    // a size, which is not 0
//	n, unit, ok := bytesize.Cut("16GB") // whatever the caller makes of it
package bytesize

import (
	"fmt"
	"strconv"
	"strings"

	"shimboot/tools/internal/badinput"
)

// Format gives n in the largest unit of which it is one at least, such as
// "1.5 MiB".
func Format(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}

// units are those of files, and those that sticks are sold by.
func units() map[string]int64 {
	return map[string]int64{
		"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
		"kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
	}
}

// No sum of 128 partitions is too large for 64 bits with this: 8 PiB.
const maxBytes = 1 << 53

// Cut reads digits and a unit, which may be "".
func Cut(text string) (n int64, unit string, ok bool) {
	digits := strings.TrimRight(text, "KkMGTiB")
	unit = text[len(digits):]
	factor, known := units()[unit]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !known || n < 0 || n > maxBytes/factor {
		return 0, "", false
	}
	return n * factor, unit, true
}

// Parse reads a plain size such as "8GiB", which is not 0.
func Parse(text string) (int64, error) {
	n, _, ok := Cut(text)
	if !ok || n == 0 {
		return 0, badinput.New("size").Got("%q", text).Want("a number of bytes such as 512MiB, 8GiB or 16GB")
	}
	return n, nil
}
