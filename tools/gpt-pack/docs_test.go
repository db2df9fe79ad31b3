package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"shimboot/tools/internal/image"
	"shimboot/tools/internal/testenv"
)

// documented gives the examples of docs/image-spec.md.
func documented(t *testing.T) []string {
	t.Helper()
	var examples []string
	page := testenv.Read(t, "../../docs/image-spec.md")
	for _, m := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(page, -1) {
		examples = append(examples, string(m[1]))
	}
	if len(examples) != 2 {
		t.Fatalf("%d examples, want a spec and a source", len(examples))
	}
	return examples
}

// The spec in the documentation builds, in a folder as it says.
func TestDocumentedSpec(t *testing.T) {
	dir, _ := inputs(t) // has state, kernel.bin and root-a.cpio
	testenv.Run(t, "sh", "-euc", `cd "$0"; mkdir -p drivers/lib/modules root/etc
		echo module >drivers/lib/modules/a.ko; echo one >root/etc/a; echo one >root/etc/b
		tar -C root --zstd -cf root.tar.zst .`, dir)
	img := filepath.Join(dir, "img")
	spec := filepath.Join(dir, "doc.json")
	if err := os.WriteFile(spec, []byte(documented(t)[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := run(t, "build", "--spec", spec, "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	if code, stdout, _ := run(t, "verify", img); code != 0 {
		t.Error(stdout)
	}
	root := part(t, img, "4")
	testenv.Run(t, "e2fsck", "-fn", root)
	for command, want := range map[string]string{
		"cat /usr/lib/modules/a.ko": "module\n",
		"stat /etc/a":               "Links: 2 ",
		"stat /etc/resolv.conf":     `Fast link dest: "/run/resolv.conf"`,
		"stat /srv/data":            "Mode:  0750",
		"stat /dev/console":         "Type: character special    Mode:  0600",
	} {
		out := strings.ReplaceAll(testenv.Run(t, "debugfs", "-R", command, root), "Links: 2\n", "Links: 2 ")
		if !strings.Contains(out, want) {
			t.Errorf("%s: want %q in\n%s", command, want, out)
		}
	}
	if out := testenv.Run(t, "dumpe2fs", "-h", root); !regexp.MustCompile(`Reserved block count: +[1-9]`).MatchString(out) {
		t.Errorf("nothing is reserved:\n%s", out)
	}
}

// The other example has the fields that a closure has, and no others.
func TestDocumentedClosure(t *testing.T) {
	spec := `{"schemaVersion": 1, "seed": "s", "partitions": [{"name": "root", "type": "linux-data", "size": "content",
		"content": {"ext4": {"sources": [` + documented(t)[1] + `]}}}]}`
	s, err := image.ReadSpec(strings.NewReader(spec), "/dir")
	if err != nil {
		t.Fatal(err)
	}
	c := s.Partitions[0].Content.Ext4.Sources[0].Closure
	if c.StorePaths != "/dir/closure-info/store-paths" || c.Registration != "/dir/closure-info/registration" ||
		!strings.HasPrefix(c.System, "/nix/store/") {
		t.Errorf("%+v", c)
	}
}

// Every field of a spec stands in the documentation.
func TestEveryFieldIsDocumented(t *testing.T) {
	page := string(testenv.Read(t, "../../docs/image-spec.md"))
	names := fields(reflect.TypeFor[image.Spec]())
	if len(names) < 25 {
		t.Errorf("found only %q", names)
	}
	for _, name := range names {
		if !strings.Contains(page, "`"+name) && !strings.Contains(page, `"`+name+`"`) {
			t.Errorf("%s is not in docs/image-spec.md", name)
		}
	}
}

// fields gives the names of a document's fields, at any depth.
func fields(typ reflect.Type) []string {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice:
		return fields(typ.Elem())
	case reflect.Struct:
		var names []string
		for _, f := range reflect.VisibleFields(typ) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			names = append(append(names, name), fields(f.Type)...)
		}
		return names
	}
	return nil
}

// Every command's help has an example of that command.
func TestHelpHasExamples(t *testing.T) {
	for _, c := range app().Commands {
		if !strings.Contains(c.Description, "Example: gpt-pack "+c.Name+" ") {
			t.Errorf("%s: %q", c.Name, c.Description)
		}
	}
}
