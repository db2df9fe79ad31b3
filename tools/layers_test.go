// Package tools_test holds the house's order: which package may import which.
// ARCHITECTURE.md says why. What tests import is not looked at.
package tools_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module   = "shimboot/"
	internal = module + "tools/internal/"
)

// layer is packages below tools/internal that stand on earlier layers.
type layer struct {
	name string
	// may has what each imports of this project, besides the ground.
	may map[string]string
	// machine are the packages that may touch files, devices and programs.
	machine []string
}

// layers are in the order in which they stand on each other.
func layers() []layer {
	return []layer{ground(), trees(), formats(), edges(), rooms(), {name: "command", may: map[string]string{"command": "blockdev"}, machine: []string{"command"}}}
}

func ground() layer {
	return layer{
		name: "ground: what knows nothing of Chromebooks",
		may: map[string]string{
			"atomicfile": "", "badinput": "", "bytesize": "", "ctxio": "", "jsondoc": "", "listing": "", "parallel": "", "seekable": "", "sparse": "",
			"terminal": "", "unixmode": "",
		},
		machine: []string{"atomicfile", "seekable", "sparse"},
	}
}

func trees() layer {
	return layer{name: "tree: files on their way", may: map[string]string{"tree": ""}}
}

func formats() layer {
	return layer{
		name: "formats: bytes in, facts out, and back",
		may: map[string]string{
			"gpt": "compress", "ext4": "ext4/ondisk", "ext4/ondisk": "", "ext4/revision": "ext4 ext4/ondisk", "mkext4": "ext4/ondisk tree", "fat": "tree", "squashfs": "", "writelog": "",
			"vboot": "", "fit": "compress", "bzimage": "", "arm64": "compress", "initramfs": "compress cpio tree",
			"ikconfig": "compress", "busybox": "tree", "traits": "",
			"cpio": "tree", "tartree": "compress tree", "compress": "lzop", "lzop": "",
		},
		// go-diskfs wants a method that could give an *os.File.
		machine: []string{"squashfs"},
	}
}

func edges() layer {
	may := map[string]string{
		"diskimage": "compress", "blockdev": "", "dirtree": "tree", "closure": "dirtree tree", "mtools": "fat tree",
		"qmp": "", "serial": "", "bootscript": "",
	}
	return layer{name: "edges: this machine's files, disks and programs", may: may, machine: slices.Collect(maps.Keys(may))}
}

func rooms() layer {
	may := map[string]string{
		"kernel":         "arm64 busybox bzimage compress fit ikconfig initramfs shim traits tree vboot",
		"shim":           "tree vboot",
		"rootfs":         "ext4 fat squashfs vboot",
		"harvest":        "compress diskimage ext4 gpt harvest/report ikconfig rootfs",
		"harvest/report": "",
		"image":          "closure compress cpio dirtree diskimage fat gpt kernel mkext4 mtools tartree tree vboot",
		"state":          "ext4 ext4/revision fat gpt mtools rootfs",
		"inspect":        "gpt rootfs state vboot",
		"flash":          "diskimage ext4 gpt",
		"depthcharge":    "diskimage gpt vboot",
		"powercut":       "writelog",
	}
	return layer{name: "rooms: what the tools do", may: may, machine: []string{"depthcharge", "flash", "harvest", "image", "state"}}
}

// forTests are packages that only tests may import.
func forTests() []string {
	return []string{internal + "testenv", internal + "testenv/hostile", internal + "mkext4/mkext4test"}
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
		pkg := module + "tools/" + path.Dir(name)
		found[pkg] = append(found[pkg], []string{}...) // it is there, whatever it imports
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[pkg] = append(found[pkg], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// libraries are the packages of imports that the law is for.
func libraries(t *testing.T) map[string][]string {
	all := imports(t)
	maps.DeleteFunc(all, func(pkg string, _ []string) bool {
		return !strings.HasPrefix(pkg, internal) || slices.Contains(forTests(), pkg)
	})
	return all
}

// rank is the number of a package's layer; -1 where it has none.
func rank(name string) int {
	return slices.IndexFunc(layers(), func(l layer) bool { _, ok := l.may[name]; return ok })
}

// below tells whether an import is a path or what is below it.
func below(imported, of string) bool { return imported == of || strings.HasPrefix(imported, of+"/") }

func TestEveryPackageImportsWhatItMay(t *testing.T) {
	for pkg, list := range libraries(t) {
		name := strings.TrimPrefix(pkg, internal)
		own := rank(name)
		if own < 0 {
			t.Errorf("%s has no layer: give it one in layers_test.go, and a line in ARCHITECTURE.md", pkg)
			continue
		}
		may := strings.Fields(layers()[own].may[name])
		for _, imported := range list {
			if !below(imported, strings.TrimSuffix(module, "/")) {
				continue
			}
			other, ok := strings.CutPrefix(imported, internal)
			if !ok || rank(other) != 0 && !slices.Contains(may, other) {
				t.Errorf("%s imports %s: of this project it may import %q and the ground", pkg, imported, may)
			}
		}
	}
}

// What may be imported is of no later layer, and is.
func TestPermissions(t *testing.T) {
	all := libraries(t)
	for own, l := range layers() {
		for name, may := range l.may {
			if _, ok := all[internal+name]; !ok {
				t.Errorf("there is no package %s", name)
			}
			for _, other := range strings.Fields(may) {
				if r := rank(other); r < 0 || r > own {
					t.Errorf("%s may import %s, which stands above it", name, other)
				}
				if !slices.Contains(all[internal+name], internal+other) {
					t.Errorf("%s may import %s, and does not", name, other)
				}
			}
		}
	}
}

// outside has who may import what of other projects. Libraries forget that there
// are commands, so that what makes command lines is command's alone.
func outside() map[string]string {
	return map[string]string{
		"github.com/anchore/go-lzo":         "lzop",
		"github.com/diskfs/go-diskfs":       "gpt squashfs",
		"github.com/google/uuid":            "gpt image",
		"github.com/klauspost/compress":     "compress diskimage squashfs",
		"github.com/mikelolasagasti/xz":     "compress squashfs",
		"github.com/pierrec/lz4/v4":         "compress",
		"github.com/schollz/progressbar/v3": "command",
		"github.com/ulikunitz/xz":           "compress",
		"github.com/urfave/cli/v2":          "command",
		"golang.org/x/sys":                  "blockdev dirtree harvest image sparse",
		"golang.org/x/term":                 "command",
	}
}

func TestOtherProjectsAreForWhoNeedsThem(t *testing.T) {
	for pkg, list := range libraries(t) {
		for _, imported := range list {
			if first, _, _ := strings.Cut(imported, "/"); !strings.Contains(first, ".") {
				continue // of the standard library, or ours
			}
			allowed := false
			for of, who := range outside() {
				allowed = allowed || below(imported, of) && slices.Contains(strings.Fields(who), strings.TrimPrefix(pkg, internal))
			}
			if !allowed {
				t.Errorf("%s imports %s, which layers_test.go does not allow it", pkg, imported)
			}
		}
	}
}

func TestOnlyToolsKnowOfCommands(t *testing.T) {
	for pkg, list := range libraries(t) {
		for _, imported := range list {
			for _, refused := range []string{internal + "command", "flag", "log", "plugin"} {
				if below(imported, refused) && pkg != internal+"command" {
					t.Errorf("%s imports %s, which is for tools", pkg, imported)
				}
			}
		}
	}
}

// Formats, and what they stand on, touch nothing of the machine.
func TestFilesAndProgramsAreForTheEdges(t *testing.T) {
	all := libraries(t)
	for _, l := range layers() {
		for name := range l.may {
			for _, imported := range all[internal+name] {
				for _, refused := range []string{"os", "net", "syscall", "golang.org/x/sys", "io/ioutil", "path/filepath", internal + "atomicfile"} {
					if below(imported, refused) && !slices.Contains(l.machine, name) {
						t.Errorf("%s imports %s; files and programs are for the edges", name, imported)
					}
				}
			}
		}
	}
}

func TestOnlyTestsImportWhatIsForTests(t *testing.T) {
	for pkg, list := range imports(t) {
		for _, imported := range list {
			for _, refused := range append(forTests(), "testing") {
				if below(imported, refused) && !slices.Contains(forTests(), pkg) {
					t.Errorf("%s imports %s, which is for tests", pkg, imported)
				}
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
		for name := range l.may {
			if !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("ARCHITECTURE.md does not say what %s is", name)
			}
		}
	}
}
