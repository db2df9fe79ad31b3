package tree_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
)

// What a source asks for is bounded, whatever it is that it has much of.
func TestRoom(t *testing.T) {
	long := strings.Repeat("x", 4000)
	for name, test := range map[string]struct {
		entry func(i int) *tree.Entry
		most  int // such entries that there may be
		want  string
	}{
		"links": {func(i int) *tree.Entry {
			return &tree.Entry{Path: fmt.Sprint(i), Mode: fs.ModeSymlink, Target: long}
		}, 70_000, "names and links"},
		"attributes": {func(i int) *tree.Entry {
			return &tree.Entry{Path: fmt.Sprint(i), Mode: 0o644, XAttrs: map[string][]byte{"user.a": make([]byte, 60_000)}}
		}, 3400, "extended attributes and holes"},
		"small attributes": {func(i int) *tree.Entry {
			return &tree.Entry{Path: fmt.Sprint(i), Mode: 0o644, XAttrs: map[string][]byte{"user.a": nil}}
		}, 400_000, "extended attributes and holes"},
		"one attribute": {func(i int) *tree.Entry {
			return &tree.Entry{Path: "f", Mode: 0o644, XAttrs: map[string][]byte{"user.a": make([]byte, 1<<20)}}
		}, 1, "want at most 65536"},
		"a path": {func(i int) *tree.Entry {
			return &tree.Entry{Path: strings.Repeat("d/", 2100) + "f", Mode: 0o644}
		}, 1, "want at most 4096"},
	} {
		p := tree.NewPacked()
		var err error
		for i := 0; i < test.most && err == nil; i++ {
			err = p.Add(test.entry(i))
		}
		if !badinput.Is(err) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}
