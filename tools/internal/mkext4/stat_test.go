package mkext4_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"shimboot/tools/internal/ext4/ondisk"
	"shimboot/tools/internal/mkext4/mkext4test"
	"shimboot/tools/internal/tree"
	"shimboot/tools/internal/unixmode"
)

// debugfsTypes are debugfs's words for file types.
var debugfsTypes = map[fs.FileMode]string{
	0: "regular", fs.ModeDir: "directory", fs.ModeSymlink: "symlink", fs.ModeNamedPipe: "FIFO",
	fs.ModeSocket: "socket", fs.ModeDevice: "block special", fs.ModeDevice | fs.ModeCharDevice: "character special",
}

// checkStat compares what `debugfs stat` says about each entry with the tree.
func checkStat(t *testing.T, img string, tr tree.Tree) {
	t.Helper()
	links := linkCounts(tr)
	cmds := filepath.Join(t.TempDir(), "commands")
	var script strings.Builder
	for _, e := range tr {
		fmt.Fprintf(&script, "stat \"/%s\"\n", e.Path)
	}
	if err := os.WriteFile(cmds, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(mkext4test.Run(t, "debugfs", "-f", cmds, img), "debugfs: stat ")[1:]
	if len(parts) != len(tr) {
		t.Fatalf("debugfs says %d things, want %d", len(parts), len(tr))
	}
	for k, e := range tr {
		if !e.IsHardlink() {
			checkOneStat(t, e, links[e.Path], parts[k])
		}
	}
}

// linkCounts counts what each inode should have: its names, and for a directory
// its "." and the ".." of those in it.
func linkCounts(tr tree.Tree) map[string]int {
	links := map[string]int{".": 3} // "..", which is itself, and that of lost+found
	for _, e := range tr {
		switch {
		case e.Path == ".":
		case e.IsHardlink():
			links[e.Link]++
		case e.Mode.IsDir():
			links[e.Path] += 2
			links[filepath.Dir(e.Path)]++
		default:
			links[e.Path]++
		}
	}
	return links
}

func checkOneStat(t *testing.T, e *tree.Entry, links int, out string) {
	t.Helper()
	mode, _ := unixmode.FromFS(e.Mode)
	want := []string{
		fmt.Sprintf(`Type: %s `, debugfsTypes[e.Mode.Type()]),
		fmt.Sprintf(`Mode:  0%03o `, mode&0o7777),
		fmt.Sprintf(`User: +%d   Group: +%d `, e.UID, e.GID),
		fmt.Sprintf(`Links: %d `, links),
	}
	if e.Mode.IsRegular() {
		want = append(want, fmt.Sprintf(`Size: %d\n`, e.Size))
	}
	if e.Mode&fs.ModeDevice != 0 {
		want = append(want, fmt.Sprintf(`Device major/minor number: %02d:%02d `, e.Major, e.Minor))
	}
	if e.Mode&fs.ModeSymlink != 0 {
		want = append(want, fmt.Sprintf(`Size: %d\n`, len(e.Target)))
		if len(e.Target) < 60 {
			want = append(want, regexp.QuoteMeta(`Fast link dest: "`+e.Target+`"`))
		}
	}
	if !e.ModTime.IsZero() {
		want = append(want, "mtime: .*"+e.ModTime.UTC().Format("Mon Jan _2 15:04:05 2006"))
	}
	for name, value := range e.XAttrs {
		if !ondisk.IsACL(name) {
			want = append(want, regexp.QuoteMeta(name)+fmt.Sprintf(` \(%d\)`, len(value)))
		}
	}
	for _, w := range want {
		if !regexp.MustCompile(w).MatchString(out) {
			t.Errorf("%s: debugfs does not say %q:\n%s", e.Path, w, out)
		}
	}
}
