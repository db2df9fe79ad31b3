package harvest

import (
	"fmt"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
)

func TestModprobe(t *testing.T) {
	testenv.Need(t, "depmod")
	shim := fw(files{
		"/lib/modprobe.d/a.conf": file("shim lib"), "/etc/modprobe.d/a.conf": file("shim etc"),
		"/lib/modprobe.d/b.conf": file("b"), "/etc/modprobe.d/b.conf": link("/dev/null"),
		"/lib/modprobe.d/c.conf": link("../c"), "/lib/c": file("c"), "/lib/modprobe.d/d.conf": link("gone"),
		"/lib/modprobe.d/e.conf": file("same"),
	})
	recovery := fw(files{"/lib/modprobe.d/a.conf": file("recovery lib"), "/lib/modprobe.d/e.conf": file("same")})
	r, dir := mustHarvest(t, Options{Shim: shim, Recovery: recovery})
	for name, want := range map[string]string{"a": "recovery lib", "b": "", "c": "c", "e": "same"} {
		wantFile(t, filepath.Join(dir, modprobeDir, name+".conf"), want)
	}
	var conflicts []string
	for _, c := range r.Conflicts {
		conflicts = append(conflicts, fmt.Sprintf("%s:%s %s:%s", c.Kept.Origin, c.Kept.Source, c.Dropped.Origin, c.Dropped.Source))
	}
	wantList(t, "conflicts", conflicts, []string{
		"recovery:/lib/modprobe.d/a.conf shim:/etc/modprobe.d/a.conf", "recovery:/lib/modprobe.d/a.conf shim:/lib/modprobe.d/a.conf",
		"shim:/etc/modprobe.d/b.conf shim:/lib/modprobe.d/b.conf",
	})
	if len(r.Modprobe) != 4 || len(r.Dangling) != 1 || r.Dangling[0].Target != "gone" {
		t.Errorf("got %+v, %+v", r.Modprobe, r.Dangling)
	}
}
