package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/writelog"
)

func powerCut(t *testing.T, args ...string) (code int, output string) {
	t.Helper()
	var out bytes.Buffer
	a := app()
	a.Writer, a.ErrWriter = &out, &out
	code = command.Run(context.Background(), a, append([]string{"power-cut"}, args...), &out)
	return code, out.String()
}

// disk gives the arguments for a disk of four sectors and what was written to it.
func disk(t *testing.T, requests ...testenv.Request) []string {
	return []string{
		"--base", testenv.Write(t, "base", make([]byte, 4*512)), "--log", testenv.Write(t, "log", testenv.WriteLog(requests...)),
		"--cuts", "20",
	}
}

// A file in sector 1, whose name in sector 0 is there before or after it.
func fileAndName(flushed bool) []testenv.Request {
	list := []testenv.Request{{First: 1, Count: 1}, {First: 0, Count: 1}, {Flags: writelog.Flush}}
	if flushed {
		list = []testenv.Request{{First: 1, Count: 1}, {Flags: writelog.Flush}, {First: 0, Count: 1}, {Flags: writelog.Flush}}
	}
	return list
}

// byteAt is shell for a byte of the state.
func byteAt(sector string) string {
	return `$(od -An -tu1 -N1 -j$((512*` + sector + `)) "$STATE" | tr -d " ")`
}

func TestFindsANameWithoutItsFile(t *testing.T) {
	check := `[ ` + byteAt("0") + ` = 0 ] || [ ` + byteAt("1") + ` != 0 ]`
	code, out := powerCut(t, append(disk(t, fileAndName(true)...), "--check", check)...)
	if code != 0 || !strings.Contains(out, "lost: 0") {
		t.Errorf("exit %d: %s", code, out)
	}
	keep := filepath.Join(t.TempDir(), "state")
	code, out = powerCut(t, append(disk(t, fileAndName(false)...), "--check", check, "--keep", keep)...)
	if code == 0 || !strings.Contains(out, "lost: 1") || !strings.Contains(out, "entry 1 alone") {
		t.Errorf("exit %d: %s", code, out)
	}
	if d, err := os.ReadFile(keep); err != nil || d[0] != 2 || d[512] != 0 {
		t.Errorf("%v: the state that was kept is another one", err)
	}
}

// What comes behind a flush is not looked at.
func TestFlushes(t *testing.T) {
	check := `[ ` + byteAt("0") + ` = 0 ]`
	for flushes, want := range map[string]bool{"1": true, "2": false} {
		code, out := powerCut(t, append(disk(t, fileAndName(true)...), "--check", check, "--flushes", flushes)...)
		if (code == 0) != want {
			t.Errorf("up to flush %s: exit %d: %s", flushes, code, out)
		}
	}
}

func TestOldOrNew(t *testing.T) {
	both := `echo ` + byteAt("0") + ` ` + byteAt("1")
	for name, test := range map[string]struct {
		requests []testenv.Request
		want     string
	}{
		"one write":            {[]testenv.Request{{First: 0, Count: 1}, {Flags: writelog.Flush}}, ""},
		"two that are flushed": {fileAndName(true), ""},
		"two at once":          {fileAndName(false), `want "0 0" or "2 1"`},
		"no change":            {[]testenv.Request{{First: 2, Count: 1}, {Flags: writelog.Flush}}, "nothing new"},
		"nothing flushed":      {[]testenv.Request{{First: 0, Count: 1}}, "the end is not flushed"},
	} {
		code, out := powerCut(t, append(disk(t, test.requests...), "--old-or-new", "--check", both)...)
		if (code != 0) != (test.want != "") || !strings.Contains(out, test.want) {
			t.Errorf("%s: exit %d: %s", name, code, out)
		}
	}
}

func TestUsage(t *testing.T) {
	good := append(disk(t, fileAndName(true)...), "--check", "true")
	for _, args := range [][]string{
		append(good, "more"), append(good, "--cuts", "0"), append(good, "--tear", "0"), append(good, "--jobs", "0"),
		append(good, "--state", "100"), append(good, "--flushes", "0"), append(good, "--flushes", "3"), good[:4],
	} {
		if code, out := powerCut(t, args...); code != command.ExitUsage {
			t.Errorf("%q: exit %d: %s", args, code, out)
		}
	}
	none := []string{"--base", good[1], "--log", good[1], "--check", "true"}
	if code, out := powerCut(t, none...); code != command.ExitInput || !strings.Contains(out, "magic") {
		t.Errorf("no log: exit %d: %s", code, out)
	}
}
