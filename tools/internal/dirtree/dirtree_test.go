package dirtree_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/dirtree"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

// What is listed depends on the content alone: not on owners, times, hard
// links, or the order in which names were made.
func TestNothingOfTheMachine(t *testing.T) {
	epoch := time.Unix(1e9, 0).UTC()
	list := func(script string) string {
		t.Helper()
		dir := t.TempDir()
		testenv.Run(t, "sh", "-eu", "-c", "cd \"$0\"; "+script, dir)
		p := tree.NewPacked()
		if err := dirtree.Add(p, dir, dirtree.Options{Time: epoch, Prefix: "at/x"}); err != nil {
			t.Fatal(err)
		}
		if err := p.Finish(); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, e := range p.Tree() {
			fmt.Fprintf(&b, "%s %v %d:%d %d %q", e.Path, e.Mode, e.UID, e.GID, e.ModTime.Unix(), e.Target)
			if e.Open != nil {
				r, err := e.Open()
				if err != nil {
					t.Fatal(err)
				}
				d, err := io.ReadAll(r)
				if err != nil || r.Close() != nil || int64(len(d)) != e.Size {
					t.Errorf("%s: %d bytes of %d, %v", e.Path, len(d), e.Size, err)
				}
				fmt.Fprintf(&b, " %q", d)
			}
			b.WriteByte('\n')
		}
		return b.String()
	}
	got := list("umask 077; mkdir d; echo a >d/b; cp d/b a; ln -s d/b s; echo c >c; chmod 700 c; chown 7:8 c d")
	again := list("umask 002; ln -s d/b s; echo c >c; chmod 755 c; echo a >a; mkdir -m 1777 d; ln a d/b; touch -d @5 c d")
	if got != again {
		t.Errorf("other content:\n%s\n%s", got, again)
	}
	want := `. drwxr-xr-x 0:0 1000000000 ""
at drwxr-xr-x 0:0 1000000000 ""
at/x drwxr-xr-x 0:0 1000000000 ""
at/x/a -rw-r--r-- 0:0 1000000000 "" "a\n"
at/x/c -rwxr-xr-x 0:0 1000000000 "" "c\n"
at/x/d drwxr-xr-x 0:0 1000000000 ""
at/x/d/b -rw-r--r-- 0:0 1000000000 "" "a\n"
at/x/s Lrwxrwxrwx 0:0 1000000000 "d/b"
`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestModesOfTheStore(t *testing.T) {
	dir := t.TempDir()
	testenv.Run(t, "sh", "-eu", "-c", "cd \"$0\"; touch f p; chmod +x p; ln -s f s", dir)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	for noFollow, want := range map[bool]string{false: ". dr-xr-xr-x f -r--r--r-- p -r-xr-xr-x s Lrwxrwxrwx ", true: ". Lrwxrwxrwx "} {
		entries, err := dirtree.Read(link, dirtree.Options{Prefix: ".", StoreModes: true, NoFollow: noFollow})
		var got string
		for _, e := range entries {
			got += fmt.Sprint(e.Path, " ", e.Mode, " ")
		}
		if err != nil || got != want {
			t.Errorf("NoFollow %v: %s, %v, want %s", noFollow, got, err, want)
		}
	}
}

// What is written to while it is read is no content of any time.
func TestFileWrittenToWhileItIsRead(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	if err := os.WriteFile(name, make([]byte, 8192), 0o600); err != nil {
		t.Fatal(err)
	}
	p := tree.NewPacked()
	if err := errors.Join(dirtree.Add(p, dir, dirtree.Options{Prefix: "."}), p.Finish()); err != nil {
		t.Fatal(err)
	}
	for _, written := range []bool{false, true} {
		r, err := p.Tree()[1].Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, r, 4096); err != nil {
			t.Fatal(err)
		}
		if written {
			if err := errors.Join(os.WriteFile(name, bytes.Repeat([]byte("x"), 8192), 0o600), os.Chtimes(name, time.Now(), time.Now())); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); (err != nil) != written || written && !strings.Contains(err.Error(), "f: changed while it was read") {
			t.Errorf("written to %v: %v", written, err)
		}
	}
}

func TestKeptOwners(t *testing.T) {
	dir := t.TempDir()
	testenv.Run(t, "sh", "-euc", `cd "$0"; chmod 0711 .; mkdir -m 2750 d; echo x >d/f; chown 7:8 d d/f; chmod 4755 d/f; ln -s f d/s; chown -h 9:9 d/s`, dir)
	entries, err := dirtree.Read(dir, dirtree.Options{Prefix: ".", KeepOwners: true})
	var got string
	for _, e := range entries {
		got += fmt.Sprintf("%s %v %d:%d %v|", e.Path, e.Mode, e.UID, e.GID, e.Bare)
	}
	want := ". drwx--x--x 0:0 false|d dgrwxr-x--- 7:8 false|d/f urwxr-xr-x 7:8 false|d/s Lrwxrwxrwx 9:9 false|"
	if err != nil || got != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestRefusesDevices(t *testing.T) {
	dir := t.TempDir()
	testenv.Run(t, "mkfifo", filepath.Join(dir, "pipe"))
	if _, err := dirtree.Read(dir, dirtree.Options{}); !badinput.Is(err) || !strings.Contains(err.Error(), "device nodes come from") {
		t.Errorf("%v", err)
	}
}
