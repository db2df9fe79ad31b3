package ext4

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/tree"
)

// tool gives the path of a program of e2fsprogs. In CI it has to be there.
func tool(t testing.TB, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		if p := filepath.Join(dir, name); isFile(p) {
			return p
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func isFile(p string) bool {
	info, err := os.Stat(p)
	return err == nil && info.Mode().IsRegular()
}

// run runs a program that must succeed and gives its output.
func runTool(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(tool(t, name), args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "DEBUGFS_PAGER=cat", "PAGER=cat")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// fsck demands a file system without any fault.
func fsck(t testing.TB, img string) {
	t.Helper()
	out := runTool(t, "e2fsck", "-fn", img)
	for _, bad := range []string{"Fix?", "IGNORED", "WARNING"} {
		if strings.Contains(out, bad) {
			t.Fatalf("e2fsck: %s", out)
		}
	}
}

// pattern gives n bytes that differ from block to block.
func pattern(seed string, n int) []byte {
	out := make([]byte, 0, n+64)
	for k := 0; len(out) < n; k++ {
		out = fmt.Appendf(out, "%s line %d\n", seed, k)
	}
	return out[:n]
}

func opener(b []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

func fileEntry(path string, content []byte) *tree.Entry {
	return &tree.Entry{Path: path, Mode: 0o644, ModTime: testTime, Size: int64(len(content)), Open: opener(content)}
}

var testTime = time.Date(2024, 2, 29, 12, 34, 56, 789012345, time.UTC)

func testOptions(kind Kind) Options {
	return Options{Kind: kind, Label: "test-root", UUID: [16]byte{0xde, 0xad, 0xbe, 0xef, 4: 0x40, 8: 0x80, 15: 1}, Time: testTime}
}

// pack makes a tree of entries that are right.
func pack(t testing.TB, entries []*tree.Entry) *tree.Packed {
	t.Helper()
	p := tree.NewPacked()
	for _, e := range entries {
		if err := p.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// newContent takes entries that can be stored.
func newContent(t testing.TB, entries []*tree.Entry, o Options) *Content {
	t.Helper()
	c, err := NewContent(pack(t, entries), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// writeImage plans and writes a tree into a file of a size, 0 for the least.
// What the file held before must not matter, so it is full of something.
func writeImage(t testing.TB, entries []*tree.Entry, o Options, size int64) string {
	t.Helper()
	c := newContent(t, entries, o)
	if size == 0 {
		var err error
		if size, err = c.Least(); err != nil {
			t.Fatal(err)
		}
	}
	p, err := c.Plan(size)
	if err != nil {
		t.Fatal(err)
	}
	img := filepath.Join(t.TempDir(), "fs.img")
	f, err := os.Create(img)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dirty := bytes.Repeat([]byte("dirt"), 1<<18)
	for off := int64(0); off < min(size, 40<<20); off += int64(len(dirty)) {
		if _, err := f.WriteAt(dirty, off); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Truncate(size); err != nil {
		t.Fatal(err)
	}
	if err := p.Write(f); err != nil {
		t.Fatal(err)
	}
	return img
}

// openImage opens an image file for reading.
func openImage(t testing.TB, img string) *FS {
	t.Helper()
	f, err := os.Open(img)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	fsys, err := Open(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	return fsys
}

// sampleTree has one of everything an inode can be.
func sampleTree(t testing.TB) tree.Tree {
	t.Helper()
	late := time.Date(2200, 1, 2, 3, 4, 5, 6, time.UTC)
	acl := []byte("\x02\x00\x00\x00" + "\x01\x00\x06\x00\xff\xff\xff\xff" + "\x02\x00\x04\x00\xe8\x03\x00\x00" +
		"\x04\x00\x04\x00\xff\xff\xff\xff" + "\x10\x00\x04\x00\xff\xff\xff\xff" + "\x20\x00\x04\x00\xff\xff\xff\xff")
	hole := append(make([]byte, 100<<10), pattern("tail", 5000)...)
	list := []*tree.Entry{
		{Path: ".", Mode: fs.ModeDir | 0o755, ModTime: testTime},
		{Path: "bin", Mode: fs.ModeDir | fs.ModeSetgid | 0o755, UID: 70000, GID: 80000, ModTime: late},
		{Path: "dev/null", Mode: fs.ModeDevice | fs.ModeCharDevice | 0o666, Major: 1, Minor: 3, ModTime: testTime},
		{Path: "dev/disk", Mode: fs.ModeDevice | 0o660, Major: 259, Minor: 70000, GID: 6, ModTime: testTime},
		{Path: "run/fifo", Mode: fs.ModeNamedPipe | 0o600, ModTime: testTime},
		{Path: "run/sock", Mode: fs.ModeSocket | 0o777, ModTime: testTime},
		{Path: "tmp", Mode: fs.ModeDir | fs.ModeSticky | 0o777, ModTime: testTime},
		{Path: "link/fast", Mode: fs.ModeSymlink | 0o777, Target: strings.Repeat("f", 59), ModTime: testTime},
		{Path: "link/slow", Mode: fs.ModeSymlink | 0o777, Target: strings.Repeat("s", 60), ModTime: testTime},
		{Path: "link/long", Mode: fs.ModeSymlink | 0o777, Target: strings.Repeat("/l", 2047), ModTime: testTime},
		{Path: "link/tool", Mode: fs.ModeSymlink | 0o777, Target: "/bin/su", ModTime: testTime},
		{Path: "name/" + strings.Repeat("n", 255), Mode: 0o600, ModTime: testTime},
		{Path: "other", Link: "bin/su"}, {Path: "bin/third", Link: "bin/su"},
		fileEntry("empty", nil), fileEntry("one", []byte{1}), fileEntry("hole", hole),
		fileEntry("zeros", make([]byte, 300<<10)), fileEntry("block", pattern("block", 4096)),
		fileEntry("large", pattern("large", 5<<20)), // beyond a single indirect block
		fileEntry("caps", []byte("capable")), fileEntry("attrs", []byte("many")),
	}
	su := fileEntry("bin/su", pattern("su", 10000))
	su.Mode |= fs.ModeSetuid | 0o111
	list = append(list, su)
	for _, e := range list {
		switch e.Path {
		case "caps":
			e.XAttrs = map[string][]byte{"security.capability": []byte("\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")}
		case "attrs":
			e.XAttrs = map[string][]byte{"user.large": pattern("value", 1001), "user.empty": {}, "trusted.x": []byte("xyz"), "system.posix_acl_access": acl}
		}
	}
	tr, err := tree.Merge(list)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// bigDirTree has a directory of n names.
func bigDirTree(t testing.TB, n int, suffix string) tree.Tree {
	t.Helper()
	list := make([]*tree.Entry, n)
	for k := range list {
		list[k] = &tree.Entry{Path: fmt.Sprintf("big/%d%s", k, suffix), Mode: 0o644, ModTime: testTime}
	}
	tr, err := tree.Merge(list)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
