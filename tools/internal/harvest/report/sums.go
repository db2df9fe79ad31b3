package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"shimboot/tools/internal/bytesize"
)

// sums adds up files by a name.
type sums struct{ by map[string]*sum }

type sum struct {
	name  string
	files int
	bytes int64
}

func newSums() sums { return sums{map[string]*sum{}} }

func (s sums) add(name string, bytes int64) {
	if s.by[name] == nil {
		s.by[name] = &sum{name: name}
	}
	s.by[name].files++
	s.by[name].bytes += bytes
}

// largest sorts by size.
func (s sums) largest() []*sum {
	return slices.SortedFunc(maps.Values(s.by), func(a, b *sum) int {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.name, b.name))
	})
}

func sumLine(s *sum) string {
	return fmt.Sprintf("%5d %10s  %s", s.files, bytesize.Format(s.bytes), s.name)
}
