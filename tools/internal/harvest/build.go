package harvest

import (
	"context"
	"io"
	"io/fs"
	"path"
	"strings"

	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/ikconfig"
)

// Build is what a root tells of how its kernel was built.
type Build struct {
	// Modules are all drivers, by their names in the kernel: "built in", or the
	// file that has it, below the directory of the release. It is nil where
	// there is no modules.builtin: what is not there may be built in then.
	Modules map[string]string
	// Config is the kernel's .config and ConfigFile whence it is, nil and "" in
	// most roots. ChromeOS' kernels carry it in a module.
	Config     *ikconfig.Config
	ConfigFile string
}

// BuiltIn is where a driver is that is no file.
const BuiltIn = "built in"

// ReadBuild looks at what fsys has for the release. The label is for messages.
func ReadBuild(ctx context.Context, fsys fs.ReadLinkFS, label, release string) (*Build, error) {
	from := newRoot(ctx, report.Shim, fsys, label)
	_, dir, err := releaseDir(from, release)
	if err != nil {
		return nil, err
	}
	t := moduleTree{from: from, dir: dir, seen: map[string]int{}}
	if err := t.walk("", 0); err != nil {
		return nil, err
	}
	b := &Build{}
	if err := b.list(&t); err != nil {
		return nil, err
	}
	for _, it := range t.modules {
		if path.Base(it.dest) == "configs.ko" {
			return b, b.readConfig(&it)
		}
	}
	return b, nil
}

func (b *Build) list(t *moduleTree) error {
	builtIn, known, err := t.readList("modules.builtin")
	if err != nil || !known {
		return err
	}
	b.Modules = map[string]string{}
	for line := range entries(builtIn) {
		b.Modules[report.ModuleName(line)] = BuiltIn
	}
	for _, it := range t.modules {
		b.Modules[report.ModuleName(it.dest)] = strings.TrimPrefix(it.source, t.dir+"/")
	}
	return nil
}

// readConfig reads the module of CONFIG_IKCONFIG=m.
func (b *Build) readConfig(it *item) error {
	src, err := it.from.fsys.Open(it.source)
	if err != nil {
		return it.from.wrap(err)
	}
	defer src.Close()
	module, err := compress.ReadAll(it.format, io.LimitReader(src, maxText), maxText)
	if err != nil {
		return it.from.wrap(err)
	}
	b.Config, err = ikconfig.Find(module)
	b.ConfigFile = it.source
	return it.from.wrap(err)
}
