// Package tools_test holds the house's order: which package may import which.
// ARCHITECTURE.md says why.
package tools_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module   = "shimboot/tools/"
	internal = module + "internal/"
)

// layer is packages that may import each other and those of earlier layers.
type layer struct {
	name     string
	packages []string // below tools/internal
	refused  []string // of the standard library, to all but the named
	but      []string
}

// layers are in the order in which they stand on each other.
func layers() []layer {
	files := []string{"os", "os/exec", "net", "syscall", "golang.org/x/sys/unix"}
	return []layer{
		{
			name:     "ground: what knows nothing of Chromebooks",
			packages: []string{"atomicfile", "badinput", "bytesize", "ctxio", "jsondoc", "parallel", "sparse", "terminal", "unixmode"},
			refused:  files, but: []string{"atomicfile", "sparse"},
		},
		{
			name:     "tree: files on their way",
			packages: []string{"tree"},
			refused:  files,
		},
		{
			name: "formats: bytes in, facts out, and back",
			packages: []string{
				"arm64", "busybox", "bzimage", "compress", "cpio", "ext4", "ext4/ondisk", "fat", "fit", "gpt",
				"ikconfig", "initramfs", "lzop", "mkext4", "squashfs", "tartree", "vboot",
			},
			// go-diskfs wants a method that could give an *os.File.
			refused: files, but: []string{"squashfs"},
		},
		{
			name: "edges: this machine's files, disks and programs",
			packages: []string{
				"blockdev", "bootscript", "closure", "dirtree", "diskimage", "mtools", "qmp", "serial",
			},
		},
		{
			name: "rooms: what the tools do",
			packages: []string{
				"depthcharge", "flash", "harvest", "harvest/report", "image", "inspect", "kernel", "rootfs", "shim", "state",
			},
		},
		{
			name:     "command: what command lines have in common",
			packages: []string{"command"},
		},
	}
}

// onlyTools are what no library may import: it forgets that there are commands.
func onlyTools() []string {
	return []string{
		internal + "command", "github.com/urfave/cli/v2", "github.com/schollz/progressbar/v3", "golang.org/x/term", "flag",
	}
}

// imports gives what each package below this folder imports, without its tests.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := module + path.Dir(name)
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[dir] = append(found[dir], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// rank is the number of a package's layer; -1 where it has none.
func rank(pkg string) int {
	name := strings.TrimPrefix(pkg, internal)
	return slices.IndexFunc(layers(), func(l layer) bool { return slices.Contains(l.packages, name) })
}

func TestEveryPackageStandsOnEarlierLayers(t *testing.T) {
	for pkg, list := range imports(t) {
		isTool := !strings.HasPrefix(pkg, internal)
		if slices.Contains(forTests(), pkg) || isTool {
			continue
		}
		if rank(pkg) < 0 {
			t.Errorf("%s has no layer: give it one in layers_test.go, and a line in ARCHITECTURE.md", pkg)
		}
		for _, imported := range list {
			if strings.HasPrefix(imported, internal) && rank(imported) > rank(pkg) {
				t.Errorf("%s imports %s: %q stands below %q", pkg, imported, layers()[rank(pkg)].name, layers()[rank(imported)].name)
			}
		}
	}
}

func TestLibrariesForgetCommands(t *testing.T) {
	for pkg, list := range imports(t) {
		if !strings.HasPrefix(pkg, internal) || pkg == internal+"command" {
			continue
		}
		for _, imported := range list {
			if slices.Contains(onlyTools(), imported) {
				t.Errorf("%s imports %s, which is for tools only", pkg, imported)
			}
		}
	}
}

func TestFormatsTouchNothingOfTheMachine(t *testing.T) {
	all := imports(t)
	for _, l := range layers() {
		for _, name := range l.packages {
			for _, imported := range all[internal+name] {
				if slices.Contains(l.refused, imported) && !slices.Contains(l.but, name) {
					t.Errorf("%s imports %s; files and programs are for the edges", name, imported)
				}
			}
		}
	}
}

// forTests are packages that only tests may import.
func forTests() []string { return []string{internal + "testenv", internal + "mkext4/mkext4test"} }

func TestOnlyTestsImportWhatIsForTests(t *testing.T) {
	for pkg, list := range imports(t) {
		for _, imported := range append(forTests(), "testing") {
			if slices.Contains(list, imported) && !slices.Contains(forTests(), pkg) {
				t.Errorf("%s imports %s, which is for tests", pkg, imported)
			}
		}
	}
}

// Of the three rooms of ext4, the writer alone knows of trees, and neither side
// knows the other.
func TestReadersKnowNoTrees(t *testing.T) {
	all := imports(t)
	for pkg, refused := range map[string][]string{
		"ext4/ondisk": {"tree", "ext4", "mkext4"}, "ext4": {"tree", "mkext4"}, "mkext4": {"ext4"}, "squashfs": {"tree"},
	} {
		for _, name := range refused {
			if slices.Contains(all[internal+pkg], internal+name) {
				t.Errorf("%s imports %s", pkg, name)
			}
		}
	}
}

// The house in one page names every room.
func TestArchitectureNamesEveryPackage(t *testing.T) {
	page, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers() {
		for _, name := range l.packages {
			if !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("ARCHITECTURE.md does not say what %s is", name)
			}
		}
	}
}

// A package that is gone leaves no line behind.
func TestEveryLayersPackageIsThere(t *testing.T) {
	all := imports(t)
	for _, l := range layers() {
		for _, name := range l.packages {
			if all[internal+name] == nil {
				t.Errorf("there is no package %s", name)
			}
		}
	}
}
