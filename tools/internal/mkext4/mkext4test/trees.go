package mkext4test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/tree"
)

// SampleTree has one of everything an inode can be.
func SampleTree(t testing.TB) tree.Tree {
	t.Helper()
	late := time.Date(2200, 1, 2, 3, 4, 5, 6, time.UTC)
	acl := []byte("\x02\x00\x00\x00" + "\x01\x00\x06\x00\xff\xff\xff\xff" + "\x02\x00\x04\x00\xe8\x03\x00\x00" +
		"\x04\x00\x04\x00\xff\xff\xff\xff" + "\x10\x00\x04\x00\xff\xff\xff\xff" + "\x20\x00\x04\x00\xff\xff\xff\xff")
	hole := append(make([]byte, 100<<10), Pattern("tail", 5000)...)
	list := []*tree.Entry{
		{Path: ".", Mode: fs.ModeDir | 0o755, ModTime: Time()},
		{Path: "bin", Mode: fs.ModeDir | fs.ModeSetgid | 0o755, UID: 70000, GID: 80000, ModTime: late},
		{Path: "dev/null", Mode: fs.ModeDevice | fs.ModeCharDevice | 0o666, Major: 1, Minor: 3, ModTime: Time()},
		{Path: "dev/disk", Mode: fs.ModeDevice | 0o660, Major: 259, Minor: 70000, GID: 6, ModTime: Time()},
		{Path: "run/fifo", Mode: fs.ModeNamedPipe | 0o600, ModTime: Time()},
		{Path: "run/sock", Mode: fs.ModeSocket | 0o777, ModTime: Time()},
		{Path: "tmp", Mode: fs.ModeDir | fs.ModeSticky | 0o777, ModTime: Time()},
		{Path: "link/fast", Mode: fs.ModeSymlink | 0o777, Target: strings.Repeat("f", 59), ModTime: Time()},
		{Path: "link/slow", Mode: fs.ModeSymlink | 0o777, Target: strings.Repeat("s", 60), ModTime: Time()},
		{Path: "link/long", Mode: fs.ModeSymlink | 0o777, Target: strings.Repeat("/l", 2047), ModTime: Time()},
		{Path: "link/tool", Mode: fs.ModeSymlink | 0o777, Target: "/bin/su", ModTime: Time()},
		{Path: "name/" + strings.Repeat("n", 255), Mode: 0o600, ModTime: Time()},
		{Path: "other", Link: "bin/su"}, {Path: "bin/third", Link: "bin/su"},
		FileEntry("empty", nil), FileEntry("one", []byte{1}), FileEntry("hole", hole),
		FileEntry("zeros", make([]byte, 300<<10)), FileEntry("block", Pattern("block", 4096)),
		FileEntry("large", Pattern("large", 5<<20)), // beyond a single indirect block
		FileEntry("caps", []byte("capable")), FileEntry("attrs", []byte("many")),
	}
	su := FileEntry("bin/su", Pattern("su", 10000))
	su.Mode |= fs.ModeSetuid | 0o111
	list = append(list, su)
	for _, e := range list {
		switch e.Path {
		case "caps":
			e.XAttrs = map[string][]byte{"security.capability": []byte("\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")}
		case "attrs":
			e.XAttrs = map[string][]byte{"user.large": Pattern("value", 1001), "user.empty": {}, "trusted.x": []byte("xyz"), "system.posix_acl_access": acl}
		}
	}
	tr, err := tree.Merge(list)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// BigDirTree has a directory of n names.
func BigDirTree(t testing.TB, n int, suffix string) tree.Tree {
	t.Helper()
	list := make([]*tree.Entry, n)
	for k := range list {
		list[k] = &tree.Entry{Path: fmt.Sprintf("big/%d%s", k, suffix), Mode: 0o644, ModTime: Time()}
	}
	tr, err := tree.Merge(list)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
