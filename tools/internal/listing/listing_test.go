package listing_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/listing"
)

func TestJoin(t *testing.T) {
	long := strings.Repeat("d/", listing.MaxPath/2-1) + "d" // 4095 bytes
	for name, test := range map[string]struct {
		dir, name string
		ok        bool
	}{
		"in the root":           {".", "a", true},
		"the longest":           {long[:listing.MaxPath-2], "f", true},
		"one byte more":         {long[:listing.MaxPath-2], "ff", false},
		"a long directory":      {strings.Repeat(long, 9), "f", false},
		"a long name by itself": {".", long + "ff", false},
	} {
		path, err := listing.Join(test.dir, test.name)
		if (err == nil) != test.ok || err != nil && (!badinput.Is(err) || len(err.Error()) > 200) {
			t.Errorf("%s: %v", name, err)
		}
		if want := strings.TrimPrefix(test.dir+"/"+test.name, "./"); test.ok && path != want {
			t.Errorf("%s: %q, want %q", name, path, want)
		}
	}
}

func TestNamesAreBounded(t *testing.T) {
	var many, long listing.Names
	if err := many.Enter(".", 1<<17); err != nil {
		t.Errorf("as many as may be: %v", err)
	}
	if err := many.Enter("a", 1); !badinput.Is(err) {
		t.Errorf("one more: %v", err)
	}
	// Few names, with a long directory each.
	if err := long.Enter(strings.Repeat("d", 4000), 10_000); !badinput.Is(err) {
		t.Errorf("40 MB of directories: %v", err)
	}
}

func TestWalkIsThatOfFS(t *testing.T) {
	fsys := fstest.MapFS{"b/c/d": {}, "a": {}, "b/b": {}, "e/f": {}}
	var got, want []string
	err := listing.Walk(fsys, func(path string, _ fs.DirEntry) error { got = append(got, path); return nil })
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(fsys, ".", func(path string, _ fs.DirEntry, err error) error { want = append(want, path); return err })
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(got, " ") != strings.Join(want[1:], " ") {
		t.Errorf("%q, want %q", got, want[1:])
	}
}

// A directory that holds itself ends where the paths do.
func TestWalkOfALoop(t *testing.T) {
	err := listing.Walk(loop{}, func(string, fs.DirEntry) error { return nil })
	if !badinput.Is(err) || !strings.Contains(err.Error(), "path") {
		t.Errorf("%v, want that a path is too long", err)
	}
}

// loop is a directory with nothing in it but itself.
type loop struct{ fs.FS }

func (loop) ReadDir(string) ([]fs.DirEntry, error) {
	list, err := fstest.MapFS{"d/f": {}}.ReadDir(".")
	return list, err
}
