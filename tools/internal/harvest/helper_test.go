package harvest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

const release = "6.1.0-shim"

// module is one for the test release that asks for firmware.
func module(name string, firmware ...string) []byte {
	info := []string{"license=GPL", "name=" + name, "vermagic=" + release + " SMP mod_unload "}
	for _, f := range firmware {
		info = append(info, "firmware="+f)
	}
	return testenv.Module(info...)
}

func gz(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func xzed(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xz.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func zst(t testing.TB, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(data, nil)
}

func file(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data), Mode: 0o600} }

func blob(data []byte) *fstest.MapFile { return &fstest.MapFile{Data: data, Mode: 0o755} }

func link(target string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
}

// inModules is a path below the test release's directory.
func inModules(p string) string { return "lib/modules/" + release + "/" + p }

// harvestTo runs into a fresh directory.
func harvestTo(t testing.TB, o Options) (*report.Report, string, error) {
	t.Helper()
	dir := t.TempDir()
	r, err := Run(context.Background(), o, dir)
	return r, dir, err
}

func mustHarvest(t testing.TB, o Options) (*report.Report, string) {
	t.Helper()
	r, dir, err := harvestTo(t, o)
	if err != nil {
		t.Fatal(err)
	}
	return r, dir
}

// listOf describes a tree: a line each with path, mode, time, content.
func listOf(t testing.TB, dir string) []string {
	t.Helper()
	var lines []string
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, p)
		line := fmt.Sprintf("%s %v %d", rel, info.Mode(), info.ModTime().Unix())
		switch {
		case info.Mode().IsRegular():
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			line += fmt.Sprintf(" %x", sha256.Sum256(data))
		case info.Mode()&fs.ModeSymlink != 0:
			target, _ := os.Readlink(p)
			line += " -> " + target
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// shape is the files and links below a directory, as "path" or "path -> target".
func shape(t testing.TB, dir string) []string {
	t.Helper()
	var lines []string
	for _, line := range listOf(t, dir) {
		name, _, _ := strings.Cut(line, " ")
		switch _, target, ok := strings.Cut(line, " -> "); {
		case ok:
			lines = append(lines, name+" -> "+target)
		case !strings.HasPrefix(strings.TrimPrefix(line, name+" "), "d"):
			lines = append(lines, name)
		}
	}
	return lines
}

func wantList(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func wantFile(t testing.TB, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	} else if string(got) != want {
		t.Errorf("%s: got %q, want %q", path, got, want)
	}
}
