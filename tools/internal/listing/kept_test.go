package listing_test

import (
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/listing"
)

// A large directory does not drive out those above it, nor they it; of the others
// those go that were not used for longest.
func TestKept(t *testing.T) {
	k := listing.Kept[string, int]{Most: 10}
	for i, dir := range []struct {
		name  string
		names int
	}{{".", 2}, {"lib", 2}, {"lib/large", 1000}, {"a", 1}} {
		if err := k.Put(dir.name, dir.names, i); err != nil {
			t.Fatal(err)
		}
	}
	want := func(name string, there bool) {
		t.Helper()
		if _, ok := k.Get(name); ok != there {
			t.Errorf("%s: kept: %v", name, ok)
		}
	}
	want(".", true)
	want("lib/large", true)
	if err := k.Put("b", 3, 0); err != nil {
		t.Fatal(err)
	}
	want("lib", false) // used before the root
	for _, name := range []string{".", "a", "b", "lib/large"} {
		want(name, true)
	}
}

// What is never there when it is asked for ends some time.
func TestListedAgain(t *testing.T) {
	k := listing.Kept[int, int]{Most: 10}
	var err error
	n := 0
	for ; err == nil && n < 100; n++ {
		err = k.Put(n%2, 1<<20, 0)
	}
	if !badinput.Is(err) || n < 15 {
		t.Errorf("%v after %d", err, n)
	}
}
