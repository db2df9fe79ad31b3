package harvest

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/badinput"
)

const dotConfig = "CONFIG_64BIT=y\n# CONFIG_MEMCG is not set\n"

// configs is a module with the configuration in it.
func configs() []byte {
	return append(module("configs"), "IKCFG_ST"+string(gz([]byte(dotConfig)))+"IKCFG_ED"...)
}

func TestReadBuild(t *testing.T) {
	fsys := fstest.MapFS{
		inModules("modules.builtin"):                  file("kernel/fs/overlayfs/overlay.ko\nkernel/drivers/net/tun-x.ko\n"),
		inModules("kernel/drivers/net/wg-a.ko.gz"):    blob(gz(module("wg_a"))),
		inModules("kernel/kernel/configs.ko.gz"):      blob(gz(configs())),
		inModules("kernel/fs/linked.ko"):              link("../drivers/net/wg-a.ko.gz"),
		"lib/modules/5.15.0-other/kernel/fs/other.ko": blob(module("other")),
	}
	b, err := ReadBuild(context.Background(), fsys, "root", release)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"overlay": BuiltIn, "tun_x": BuiltIn,
		"wg_a": "kernel/drivers/net/wg-a.ko.gz", "linked": "kernel/drivers/net/wg-a.ko.gz", "configs": "kernel/kernel/configs.ko.gz",
	}
	if !maps.Equal(b.Modules, want) {
		t.Errorf("%v, want %v", b.Modules, want)
	}
	if b.Config == nil || string(b.Config.Text) != dotConfig || b.ConfigFile != inModules("kernel/kernel/configs.ko.gz") {
		t.Errorf("%+v in %s", b.Config, b.ConfigFile)
	}
}

// What cannot be read is an error; what else was found is given all the same.
func TestReadBuildOfOddRoots(t *testing.T) {
	cut := configs()
	for name, test := range map[string]struct {
		root    fstest.MapFS
		modules bool
		want    string // "" for no error
	}{
		"no modules":       {fstest.MapFS{"etc/passwd": file("")}, false, "/lib/modules: found none"},
		"another release":  {fstest.MapFS{"lib/modules/4.4.0/modules.builtin": file("")}, false, "want 6.1.0-shim"},
		"no list":          {fstest.MapFS{inModules("a.ko"): blob(module("a"))}, false, ""},
		"no configuration": {fstest.MapFS{inModules("modules.builtin"): file("")}, true, ""},
		"cut off": {fstest.MapFS{
			inModules("modules.builtin"): file(""), inModules("configs.ko"): blob(cut[:len(cut)-8]),
		}, true, "found no IKCFG_ED"},
		"damaged": {fstest.MapFS{
			inModules("modules.builtin"): file(""), inModules("configs.ko.gz"): blob(gz(configs())[:40]),
		}, true, "gzip stream"},
		"not compressed": {fstest.MapFS{
			inModules("modules.builtin"): file(""), inModules("configs.ko.gz"): blob(configs()),
		}, true, "gzip stream"},
		"an empty one": {fstest.MapFS{inModules("modules.builtin"): file(""), inModules("configs.ko"): blob(nil)}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := ReadBuild(context.Background(), test.root, "root", release)
			if test.want == "" && err != nil || test.want != "" && (!badinput.Is(err) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
			if modules := b != nil && b.Modules != nil; modules != test.modules || b != nil && b.Config != nil {
				t.Errorf("%+v", b)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ReadBuild(ctx, fstest.MapFS{inModules("modules.builtin"): file("")}, "root", release); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
