package harvest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
)

// TestHostUntouched reads through os.DirFS, which would follow links out of it.
func TestHostUntouched(t *testing.T) {
	testenv.Need(t, "depmod")
	host, root := t.TempDir(), t.TempDir()
	secret := filepath.Join(host, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	up := strings.Repeat("../", 20)
	requests := []string{"abs", "rel", "dir/secret", "updir/secret"}
	tree := fw(files{
		"abs": link(secret), "rel": link(up + secret[1:]), "dir": link(host), "updir": link(up + host[1:]),
		"/lib/modprobe.d/x.conf": link(secret), "/etc/modprobe.d": link(host),
	})
	tree[inModules("m.ko")] = blob(module("m", requests...))
	writeTree(t, root, tree)
	r, dir := mustHarvest(t, Options{Shim: os.DirFS(root).(fs.ReadLinkFS), Firmware: report.All})
	if len(r.Firmware) != 0 || len(r.Modprobe) != 0 || len(r.Missing) != len(requests) {
		t.Errorf("got %+v, %+v", r.Firmware, r.Modprobe)
	}
	for _, line := range listOf(t, dir) {
		if strings.Contains(line, "secret") {
			t.Error(line)
		}
	}
}

// writeTree puts a MapFS on the disk.
func writeTree(t testing.TB, root string, tree fstest.MapFS) {
	t.Helper()
	for name, f := range tree {
		p := filepath.Join(root, name)
		err := os.MkdirAll(filepath.Dir(p), 0o755)
		switch {
		case err != nil:
		case f.Mode&fs.ModeSymlink != 0:
			err = os.Symlink(string(f.Data), p)
		default:
			err = os.WriteFile(p, f.Data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// evil lists a directory with a name that no directory can have.
type evil struct {
	fstest.MapFS
	name string
}

type evilEntry struct {
	fs.DirEntry
	name string
}

func (e evilEntry) Name() string { return e.name }

func (e evil) ReadDir(dir string) ([]fs.DirEntry, error) {
	list, err := e.MapFS.ReadDir(dir)
	if dir == report.FirmwareDir && len(list) > 0 {
		list[0] = evilEntry{list[0], e.name}
	}
	return list, err
}

func TestEvilNames(t *testing.T) {
	testenv.Need(t, "depmod")
	for _, name := range []string{"", ".", "..", "../x", "/x", "a/b", "a\x00"} {
		_, _, err := harvestTo(t, Options{Shim: evil{fw(files{"a": file("A")}), name}, Firmware: report.All})
		if err == nil || !badinput.Is(err) || !strings.Contains(err.Error(), "found an entry named") {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

// FuzzLinks has links to anywhere: the output must be whole and stay inside.
func FuzzLinks(f *testing.F) {
	f.Add("b", "../../etc/x", "/lib/firmware/a", "d/../a")
	f.Add(".", "..", "/", "//lib//firmware//d")
	f.Add("a", "d/d/d", "/lib/firmware/d/e/e", "e/./x")
	f.Fuzz(func(t *testing.T, a, b, d, e string) {
		shim := fw(files{
			"a": link(a), "b": link(b), "d": link(d), "e/e": link(e), "e/x": file("X"), "/etc/x": file("E"), "/opt/f": file("F"),
		})
		dir := t.TempDir()
		into, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer into.Close()
		o := Options{Shim: shim, Recovery: fw(files{"x": link(a), "e": link(d), "d/a": link(b), "e.x": file("X")}), Firmware: report.All}
		o.fill()
		h := &harvester{Options: o, dir: dir, out: newOutput(into), report: report.New(o.Firmware, o.Words)}
		h.roots = []*root{newRoot(t.Context(), report.Recovery, o.Recovery, ""), newRoot(t.Context(), report.Shim, o.Shim, "")}
		if err := h.firmware(t.Context(), newRequests()); err != nil && !badinput.Is(err) {
			t.Fatal(err)
		}
		for _, line := range shape(t, dir) {
			name, target, ok := strings.Cut(line, " -> ")
			if ok && !filepath.IsLocal(filepath.Join(filepath.Dir(name), target)) {
				t.Errorf("a link leads out: %s", line)
			}
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Errorf("%q %q %q %q: %v", a, b, d, e, err)
			}
		}
	})
}
