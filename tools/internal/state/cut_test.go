package state_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/state"
	"shimboot/tools/internal/testenv"
)

const sector = 512

// change is a sector that was written and not synced.
type change struct {
	off  int64
	data []byte
}

// volatile is a disk whose power may be cut: of what was not synced, any sector
// may be on the medium.
type volatile struct {
	*os.File          // the image, as who writes it sees it
	medium   *os.File // the partition, with what is safe
	waiting  []change
	random   *rand.Rand
	cut      func(how string)
	// look gives all that is on the partition, and whether a check finds fault.
	look func(t *testing.T, part string) (files map[string]string, wrong bool)
}

func (v *volatile) WriteAt(p []byte, off int64) (int, error) {
	for at := 0; at < len(p); at += sector {
		s := p[at:min(at+sector, len(p))]
		v.waiting = append(v.waiting, change{off + int64(at) - start, append([]byte(nil), s...)})
	}
	return v.File.WriteAt(p, off)
}

// Sync cuts the power before it syncs: a cut at an earlier write is one at which
// the later ones are missing.
func (v *volatile) Sync() error {
	n := len(v.waiting)
	for _, keep := range v.subsets(n) {
		var undo []change
		for i, c := range v.waiting {
			if keep(i) {
				old := make([]byte, len(c.data))
				if _, err := v.medium.ReadAt(old, c.off); err != nil {
					return err
				}
				undo = append(undo, change{c.off, old})
				if _, err := v.medium.WriteAt(c.data, c.off); err != nil {
					return err
				}
			}
		}
		v.cut(fmt.Sprintf("%d of %d sectors", len(undo), n))
		for i := len(undo) - 1; i >= 0; i-- {
			if _, err := v.medium.WriteAt(undo[i].data, undo[i].off); err != nil {
				return err
			}
		}
	}
	for _, c := range v.waiting {
		if _, err := v.medium.WriteAt(c.data, c.off); err != nil {
			return err
		}
	}
	v.waiting = nil
	return nil
}

// subsets are all where they are few, or each sector alone, all but it, and some.
func (v *volatile) subsets(n int) (list []func(i int) bool) {
	if n <= 4 {
		for set := range 1 << n {
			list = append(list, func(i int) bool { return set>>i&1 == 1 })
		}
		return list
	}
	for range 4 {
		one, from := v.random.IntN(n), v.random.IntN(n)
		some := make([]bool, n)
		for i := range some {
			some[i] = v.random.IntN(2) == 0
		}
		list = append(list, func(i int) bool { return i == one }, func(i int) bool { return i != one },
			func(i int) bool { return i < from }, func(i int) bool { return some[i] })
	}
	return list
}

// stick is a volatile disk with files on its STATE, and more room that was used.
func stick(t *testing.T, bits string, files map[string]string) *volatile {
	t.Helper()
	testenv.Need(t, "mcopy", "mdel", "mkfs.fat", "fsck.fat")
	part := testenv.Write(t, "part", nil)
	size := map[string]int64{"12": 128 << 10, "16": 4 << 20, "32": 36 << 20}[bits]
	if err := os.Truncate(part, size); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "mkfs.fat", "-F", bits, "-s", "1", part)
	for name, text := range files {
		for dir := range strings.SplitAfterSeq(filepath.Dir(name), "/") {
			if dir != "." {
				testenv.Try(t, "mmd", "-D", "s", "-i", part, "::/"+dir)
			}
		}
		testenv.Run(t, "mcopy", "-i", part, testenv.Write(t, "file", []byte(text)), "::/"+name)
	}
	return newVolatile(t, part, lookFAT)
}

// newVolatile is a disk with that partition, which is the medium.
func newVolatile(t *testing.T, part string, look func(t *testing.T, part string) (map[string]string, bool)) *volatile {
	t.Helper()
	medium, err := os.OpenFile(part, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { medium.Close() })
	return &volatile{File: onDisk(t, part), medium: medium, random: rand.New(rand.NewPCG(1, 2)), look: look}
}

// damaged is in what fsck.fat says of more than clusters that nothing has; a
// file's fault begins with its name.
var damaged = regexp.MustCompile(`(?m)share clusters|^/|Cluster|nvalid|Bad|bad`)

// lookFAT is all that is on a FAT, as mcopy has it; fsck.fat has found no damage.
func lookFAT(t *testing.T, part string) (files map[string]string, leaks bool) {
	t.Helper()
	said, err := testenv.Try(t, "fsck.fat", "-n", part)
	if damaged.MatchString(strings.ReplaceAll(said, part, "")) {
		t.Errorf("fsck.fat: %s", said)
	}
	dir, err2 := os.MkdirTemp(t.TempDir(), "out")
	if err2 != nil {
		t.Fatal(err2)
	}
	defer os.RemoveAll(dir)
	testenv.Run(t, "mcopy", "-s", "-n", "-i", part, "::/", dir)
	files = map[string]string{}
	walk := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			files[name] = string(testenv.Read(t, path))
		}
		return err
	})
	if walk != nil {
		t.Fatal(walk)
	}
	return files, err != nil
}

func before() map[string]string {
	files := map[string]string{
		"shimboot.conf": "timeout = menu\n", "wifi-credentials.json": strings.Repeat("wifi ", 200), "EMPTY": "",
		"dir/a file of a long name.txt": strings.Repeat("long ", 500), "dir/large": strings.Repeat("large", 4000),
	}
	for i := range 9 { // the directory is nearly full: 2 + 4 + 1 (large: 2) + 9
		files[fmt.Sprintf("full/F%d", i)] = fmt.Sprint(i)
	}
	return files
}

// Wherever the power is cut, a name has its old content or the new one, and all
// others have theirs.
func TestPutThroughPowerCuts(t *testing.T) {
	texts := map[string]string{"small": "new\n", "large": strings.Repeat("new content\n", 1500), "empty": ""}
	for _, bits := range []string{"12", "16", "32"} {
		for _, name := range []string{
			"shimboot.conf", "WIFI-credentials.json", "EMPTY", "dir/a file of a long name.txt", "dir/large", "full/F3",
			"new.conf", "shimboot/new/er.conf", "full/" + strings.Repeat("a name that has many parts ", 6) + ".txt",
		} {
			for size, text := range texts {
				if bits != "12" && (size != "large" || bits == "32" && len(name) > 20) {
					continue
				}
				t.Run(bits+"/"+filepath.Base(name)+"/"+size, func(t *testing.T) {
					putThroughCuts(t, stick(t, bits, before()), name, text, false)
				})
			}
		}
	}
}

// Where there is no room for both, none may be there, but no torn one.
func TestPutThroughPowerCutsWhereItIsTight(t *testing.T) {
	files := before()
	files["fill"] = strings.Repeat("x", 50<<10)
	v := stick(t, "12", files)
	if tight, err := v.open(t).Tight(testenv.Write(t, "new", make([]byte, 51<<10)), "/fill"); err != nil || !tight {
		t.Errorf("%v, %v; want it told", tight, err)
	}
	putThroughCuts(t, v, "fill", strings.Repeat("new", 17<<10), true)
}

func (v *volatile) open(t *testing.T) *state.Volume {
	t.Helper()
	info, err := v.medium.Stat()
	if err != nil {
		t.Fatal(err)
	}
	volume, err := state.Open(v.File, &gpt.Table{Partitions: []gpt.Partition{{Number: 1, Name: "STATE", Start: start, Size: info.Size()}}})
	if err != nil {
		t.Fatal(err)
	}
	return volume
}

func putThroughCuts(t *testing.T, v *volatile, name, text string, mayMiss bool) {
	t.Helper()
	was, _ := v.look(t, v.medium.Name())
	key := name
	for old := range was {
		if strings.EqualFold(old, name) {
			key = old
		}
	}
	old, there := was[key]
	cuts, seen := 0, map[bool]int{}
	v.cut = func(how string) {
		cuts++
		files, _ := v.look(t, v.medium.Name())
		got, is := files[key]
		if whole := is && (got == text || there && got == old || mayMiss && got == "") || !is && (!there || mayMiss); !whole {
			t.Errorf("cut %d, %s: %d bytes (there: %v), want the %d that were or the %d that shall be", cuts, how, len(got), is, len(old), len(text))
		}
		seen[is && got == text]++
		for other, content := range was {
			if other != key && files[other] != content {
				t.Errorf("cut %d, %s: %s: %d bytes, want the %d that were", cuts, how, other, len(files[other]), len(content))
			}
		}
		for other := range files {
			if _, known := was[other]; other != key && !known {
				t.Errorf("cut %d, %s: %s is there", cuts, how, other)
			}
		}
	}
	if err := v.open(t).Put(t.Context(), v, t.TempDir(), testenv.Write(t, "new", []byte(text)), name); err != nil {
		t.Fatal(err)
	}
	if err := v.Sync(); err != nil {
		t.Fatal(err)
	}
	if files, wrong := v.look(t, v.medium.Name()); files[key] != text || wrong {
		t.Errorf("in the end: %d bytes, the check finds fault: %v", len(files[key]), wrong)
	}
	if old != text && (seen[true] == 0 || seen[false] == 0) {
		t.Errorf("%d cuts, of which %d are before", cuts, seen[false])
	}
}
