package fit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"shimboot/tools/internal/compress"
)

const (
	// maxBoardTree bounds the decompressed device tree of one board; they are
	// below 300 KiB.
	maxBoardTree = 4 << 20
	// maxBoardTrees is for all of them together.
	maxBoardTrees = 128 << 20
)

// Configuration is what to boot on some boards.
type Configuration struct {
	Name        string
	Description string
	Kernel      string   // names of images
	FDT         []string // the first is the board's, the others are overlays
	Ramdisk     string
	// Compatible is what firmware compares with its board: the
	// configuration's own list, or else that of its device tree.
	Compatible []string
}

func (f *FIT) addConfigurations(t *tree) error {
	list, err := t.list("configurations")
	if err != nil {
		return err
	}
	top := fields{tree: t, node: t.root.child("configurations")}
	if f.Default = top.text("default"); top.err != nil {
		return top.err
	}
	boards := boardTrees{fit: f, left: maxBoardTrees, known: map[string][]string{}}
	for _, n := range list {
		in := fields{tree: t, node: n}
		c := &Configuration{
			Name: n.name, Description: in.text("description"), Kernel: in.text("kernel"),
			FDT: in.texts("fdt"), Ramdisk: in.text("ramdisk"), Compatible: in.texts("compatible"),
		}
		if in.err != nil {
			return in.err
		}
		if len(c.Compatible) == 0 && len(c.FDT) > 0 {
			if c.Compatible, err = boards.compatible(c.FDT[0]); err != nil {
				return err
			}
		}
		f.Configurations = append(f.Configurations, c)
	}
	return nil
}

// Choose gives the configuration whose kernel is taken. Firmware goes by the
// board, which is not known here: without a default all have to agree.
func (f *FIT) Choose() (*Configuration, error) {
	var first *Configuration
	same := true
	for _, c := range f.Configurations {
		if !f.complete(c) {
			continue // as firmware does
		}
		if c.Name == f.Default {
			return c, nil
		}
		if first == nil {
			first = c
		}
		same = same && c.Kernel == first.Kernel
	}
	switch {
	case first == nil:
		return nil, f.bad(0, "FIT").Got("no configuration whose kernel and device trees are there").Want("one")
	case !same:
		return nil, f.bad(0, "FIT").Got("configurations with different kernels, and no usable default").Want("a default")
	}
	return first, nil
}

// complete tells whether the images that c cannot do without are there.
func (f *FIT) complete(c *Configuration) bool {
	missing := func(name string) bool { return f.Image(name) == nil }
	return !missing(c.Kernel) && !slices.ContainsFunc(c.FDT, missing)
}

// boardTrees reads the device trees of boards, each once.
type boardTrees struct {
	fit   *FIT
	left  int64 // bytes that may still be decompressed
	known map[string][]string
}

// compatible gives that property of the root of an fdt image.
func (b *boardTrees) compatible(name string) ([]string, error) {
	list, ok := b.known[name]
	m := b.fit.Image(name)
	if ok || m == nil {
		return list, nil
	}
	whole := region{what: "device tree", r: m.Data(), base: b.fit.base + m.Offset, end: m.Size}
	if m.Compression != compress.None {
		data, err := m.ReadAll(min(b.left, maxBoardTree))
		if err != nil {
			return nil, fmt.Errorf("image %s: %w", name, ours(err))
		}
		b.left -= int64(len(data))
		whole.r, whole.end = bytes.NewReader(data), int64(len(data))
	}
	list, err := rootTexts(whole, "compatible")
	if err != nil {
		return nil, fmt.Errorf("image %s: %w", name, err)
	}
	b.known[name] = list
	return list, nil
}

// ours makes a limit that was passed plain bad input: those of board trees are
// not the user's to raise.
func ours(err error) error {
	var large *compress.LimitError
	if errors.As(err, &large) {
		return large.Err
	}
	return err
}

func rootTexts(whole region, name string) ([]string, error) {
	s, err := scan(whole)
	if err != nil {
		return nil, err
	}
	p, err := rootProperty(s, name)
	if err != nil {
		return nil, err
	}
	return whole.texts(p)
}
