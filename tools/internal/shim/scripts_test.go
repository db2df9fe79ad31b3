package shim_test

import (
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/shim"
	"shimboot/tools/internal/tree"
)

// entries are the files of an initramfs.
func entries(files map[string]string) []*tree.Entry {
	var list []*tree.Entry
	for _, name := range slices.Sorted(maps.Keys(files)) {
		list = append(list, &tree.Entry{
			Path: name, Mode: 0o755, Size: int64(len(files[name])),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(files[name])), nil },
		})
	}
	return list
}

func TestWhatTheShimsScriptSays(t *testing.T) {
	const head = "#!/bin/sh\n"
	for name, test := range map[string]struct {
		script string
		verity bool
		tmpfs  int64
	}{
		"old shim":  {head + "mount -t tmpfs tmpfs /newroot -o size=640M\nexec switch_root /newroot /sbin/init", false, 640 << 20},
		"variable":  {head + "SIZE=1024M\nmount -n -t tmpfs tmpfs \"$ROOT\" \\\n -o size=${SIZE}\nswitch_root", false, 1 << 30},
		"new shim":  {head + "mount -t tmpfs tmpfs /newroot\ndmsetup create -r vroot\nswitch_root", true, 0},
		"commented": {head + "# dmsetup create vroot\nmount -t tmpfs tmpfs /n\nswitch_root", false, 0},
		"continued": {head + "mount -t tmpfs tmpfs /n\ndmsetup -v \\\n create -r vroot\nswitch_root", true, 0},
		"no create": {head + "mount -t tmpfs tmpfs /n\ndmsetup table; create x\nswitch_root", false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			scripts, err := shim.ReadScripts(entries(map[string]string{"bin/bootstrap.sh": test.script}))
			if err != nil {
				t.Fatal(err)
			}
			if scripts.UsesVerity != test.verity || scripts.RootTmpfsBytes != test.tmpfs {
				t.Errorf("verity %v, tmpfs %d; want %v, %d", scripts.UsesVerity, scripts.RootTmpfsBytes, test.verity, test.tmpfs)
			}
		})
	}
}

// The scripts source each other: any of them may set up verity.
func TestVerityInAnotherScript(t *testing.T) {
	const bootstrap = "#!/bin/sh\n. /lib/root.sh\nmount -t tmpfs tmpfs /newroot\nexec switch_root /newroot /sbin/init"
	for name, test := range map[string]struct {
		files  map[string]string
		script string
	}{
		"sourced":    {map[string]string{"bin/bootstrap.sh": bootstrap, "lib/root.sh": "dmsetup create -r vroot\n"}, "lib/root.sh"},
		"executed":   {map[string]string{"bin/bootstrap.sh": bootstrap, "bin/verity": "#!/bin/sh\ndmsetup create vroot"}, "bin/verity"},
		"no script":  {map[string]string{"bin/bootstrap.sh": bootstrap, "bin/dmsetup": "ELF usage: dmsetup create"}, ""},
		"only there": {map[string]string{"bin/verity": "#!/bin/sh\ndmsetup create vroot"}, "bin/verity"},
	} {
		t.Run(name, func(t *testing.T) {
			scripts, err := shim.ReadScripts(entries(test.files))
			if err != nil {
				t.Fatal(err)
			}
			if scripts.UsesVerity != (test.script != "") || scripts.VerityScript != test.script {
				t.Errorf("%+v, want verity in %q", scripts, test.script)
			}
			if _, has := test.files["bin/bootstrap.sh"]; has != (scripts.Bootstrap != "") {
				t.Errorf("bootstrap script %q", scripts.Bootstrap)
			}
		})
	}
}
