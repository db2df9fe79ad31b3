package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

const release = "5.4.85-22160-gtest"

// put makes a tree: "path" = content, "path ->" = link target.
func put(t *testing.T, root string, tree map[string]string) {
	t.Helper()
	for name, data := range tree {
		link, isLink := strings.CutSuffix(name, " ->")
		p := filepath.Join(root, link)
		err := os.MkdirAll(filepath.Dir(p), 0o755)
		switch {
		case err != nil:
		case isLink:
			err = os.Symlink(data, p)
		default:
			err = os.WriteFile(p, []byte(data), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// module is one for the release, as a file has it.
func module(info ...string) string {
	return string(testenv.Module(append(info, "vermagic="+release+" SMP mod_unload")...))
}

// fileSystem makes an image of a tree as ChromeOS has its ROOT-A: an ext
// file system with the read-only hack.
func fileSystem(t *testing.T, tree map[string]string, options ...string) string {
	t.Helper()
	root, out := t.TempDir(), filepath.Join(t.TempDir(), "root-a")
	put(t, root, tree)
	testenv.Run(t, "mke2fs", append(append([]string{"-q", "-d", root}, options...), out, "8M")...)
	patch(t, out, 0x467, "\xff")
	return out
}

func patch(t *testing.T, name string, offset int64, data string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(data), offset); err != nil {
		t.Fatal(err)
	}
}

const (
	rootSector = 20480
	rootOffset = rootSector * 512
)

// disk wraps a file system like a ChromeOS disk, with something that is no
// file system (a verity tree) behind it.
func disk(t *testing.T, root string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "disk.bin")
	data, err := os.ReadFile(root)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(24 << 20); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(append(data, bytes.Repeat([]byte("verity"), 1000)...), rootOffset); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "cgpt", "create", out)
	testenv.Run(t, "cgpt", "add", "-i", "2", "-t", "kernel", "-l", "KERN-A", "-b", "4096", "-s", "2048", "-P", "1", "-S", "1", out)
	testenv.Run(t, "cgpt", "add", "-i", "3", "-t", "rootfs", "-l", "ROOT-A", "-b", fmt.Sprint(rootSector), "-s", "18432", out)
	return out
}

// zipped is a .bin.zip of an image.
func zipped(t *testing.T, image string) string {
	t.Helper()
	return testenv.Zip(t, "chromeos_recovery.bin", image)
}

// tool runs the program.
func tool(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	a := app()
	a.Writer, a.ErrWriter = &out, &errs
	code = command.Run(ctx, a, append([]string{"driver-harvest", "--progress", "never"}, args...), &errs)
	return code, out.String(), errs.String()
}

// tree lists the files and links below a directory, with modes and times.
func tree(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		data := ""
		switch e.Type() {
		case 0:
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			data = string(b)
		case fs.ModeSymlink:
			data, err = os.Readlink(p)
		}
		list = append(list, fmt.Sprintf("%s %v %d %q", strings.TrimPrefix(p, dir), info.Mode(), info.ModTime().Unix(), data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// only fails where a directory has more than it should.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, names) {
		t.Errorf("in the output's directory: got %q, want %q", got, names)
	}
}
