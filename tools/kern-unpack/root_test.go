package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/traits"
)

const dotConfig = "CONFIG_64BIT=y\n# CONFIG_MEMCG is not set\nCONFIG_USER_NS=y\n"

// rooted is a disk with a kernel, and beside it a root with the files for that
// kernel's release.
func rooted(t *testing.T, files map[string][]byte) string {
	t.Helper()
	testenv.Need(t, "mke2fs")
	dir := t.TempDir()
	for name, data := range files {
		file := filepath.Join(dir, "root", "lib/modules/3.8.11", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	img := disk(t, testenv.VbootData(t, "rec_kernel_part.bin"))
	root := filepath.Join(dir, "root.ext2")
	testenv.Run(t, "mke2fs", "-q", "-t", "ext2", "-d", filepath.Join(dir, "root"), root, "1M")
	testenv.Run(t, "dd", "if="+root, "of="+img, "bs=512", "seek=4096", "conv=notrunc", "status=none")
	return img
}

// configs is the module that carries a configuration, compressed.
func configs() []byte {
	packed := func(d string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(d))
		z.Close()
		return b.String()
	}
	return []byte(packed("\x7fELF IKCFG_ST" + packed(dotConfig) + "IKCFG_ED"))
}

// A root tells which drivers there are, and may have the configuration.
func TestRootBesideTheKernel(t *testing.T) {
	img := rooted(t, map[string][]byte{
		"modules.builtin":             []byte("kernel/fs/fuse/fuse.ko\n"),
		"kernel/drivers/net/tun.ko":   testenv.Module("name=tun"),
		"kernel/kernel/configs.ko.gz": configs(),
	})
	out := filepath.Join(t.TempDir(), "out")
	code, stdout, stderr := run(t, "extract", "--json", "--out", out, img)
	var r kernel.Report
	if err := json.Unmarshal([]byte(stdout), &r); code != 0 || err != nil {
		t.Fatal(stderr, err)
	}
	for ability, want := range map[string]traits.Finding{
		"fuse":             {Answer: traits.Yes, Evidence: "fuse: built in"},
		"tun":              {Answer: traits.Yes, Evidence: "tun: kernel/drivers/net/tun.ko"},
		"btrfs":            {Answer: traits.No, Evidence: "no module btrfs, and none built in"},
		"memoryController": {Answer: traits.No, Evidence: "# CONFIG_MEMCG is not set"},
		"userNamespaces":   {Answer: traits.Yes, Evidence: "CONFIG_USER_NS=y"},
	} {
		if r.Abilities[ability] != want {
			t.Errorf("%s: %+v, want %+v", ability, r.Abilities[ability], want)
		}
	}
	if got := string(testenv.Read(t, filepath.Join(out, "kernel.config"))); got != dotConfig || r.Config.Unpacked != int64(len(dotConfig)) {
		t.Errorf("kernel.config: %q, %+v", got, r.Config)
	}
	code, stdout, _ = run(t, "info", img)
	if want := "\n.config       in /lib/modules/3.8.11/kernel/kernel/configs.ko.gz, 58 bytes\n"; code != 0 || !strings.Contains(stdout, want) {
		t.Errorf("exit %d\n%s", code, stdout)
	}
}

// What the root does not tell is not known, and never in the kernel's way.
func TestRootsThatTellNothing(t *testing.T) {
	list := map[string][]byte{"modules.builtin": nil}
	cut := rooted(t, map[string][]byte{"modules.builtin": nil, "configs.ko.gz": configs()[:40]})
	for name, test := range map[string]struct {
		img   string
		fault string
		btrfs traits.Answer
	}{
		"blob":             {testenv.VbootData(t, "rec_kernel_part.bin"), "", traits.Unknown},
		"zip":              {zipped(t, rooted(t, list)), "ROOT-A is not looked into while it is in a zip", traits.Unknown},
		"empty":            {disk(t, testenv.VbootData(t, "rec_kernel_part.bin")), "partition 3 (ROOT-A): root file system: found nothing that is known", traits.Unknown},
		"without a list":   {rooted(t, map[string][]byte{"configs.ko.txt": nil}), "", traits.Unknown},
		"without a config": {rooted(t, list), "", traits.No},
		"damaged config":   {cut, "partition 3 (ROOT-A): gzip stream", traits.No},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := run(t, "info", "--json", test.img)
			var r kernel.Report
			if err := json.Unmarshal([]byte(stdout), &r); code != 0 || err != nil {
				t.Fatal(stderr, err)
			}
			if !strings.HasPrefix(r.ConfigFault, test.fault) || test.fault == "" && r.ConfigFault != "" || r.Config != nil {
				t.Errorf("%q, want %q; %+v", r.ConfigFault, test.fault, r.Config)
			}
			if got := r.Abilities["btrfs"].Answer; got != test.btrfs {
				t.Errorf("btrfs: %s, want %s", got, test.btrfs)
			}
		})
	}
}
