package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

func TestPut(t *testing.T) {
	_, img := built(t)
	wifi := testenv.Write(t, "wifi-credentials.json", []byte(`{"ssid":"x"}`))
	if code, _, stderr := run(t, "put", img, wifi); code != 0 {
		t.Fatal(stderr)
	}
	if out := testenv.Run(t, "mtype", "-i", img+"@@1M", "::/wifi-credentials.json"); out != `{"ssid":"x"}` {
		t.Errorf("in STATE: %q", out)
	}
	testenv.Run(t, "fsck.fat", "-n", part(t, img, "1"))
}

// Files whose names mean something to mcopy, and = in either half.
func TestPutNames(t *testing.T) {
	_, img := built(t)
	t.Chdir(t.TempDir())
	if err := os.Mkdir("k=v", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a:b", "x=y", "k=v/file"} {
		if err := os.WriteFile(name, []byte("in "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for arg, want := range map[string]string{
		"a:b=drive":      "drive",
		"x=y":            "x=y",
		"x=y=renamed":    "renamed",
		"k=v/file":       "file",
		"k=v/file=other": "other",
	} {
		if code, _, stderr := run(t, "put", img, arg); code != 0 {
			t.Errorf("%s: %s", arg, stderr)
			continue
		}
		if out := testenv.Run(t, "mtype", "-i", img+"@@1M", "::/"+want); !strings.HasPrefix(out, "in ") {
			t.Errorf("%s as %s: %q", arg, want, out)
		}
	}
	code, _, stderr := run(t, "put", img, "a:b")
	if code != command.ExitInput || !strings.Contains(stderr, `file name: found "a:b"`) {
		t.Errorf("a:b as a:b: exit %d, %s", code, stderr)
	}
}

func TestPutRefusesAZip(t *testing.T) {
	_, img := built(t)
	file := filepath.Join(t.TempDir(), "shimboot.zip")
	testenv.Run(t, "zip", "-q1j", file, img)
	before := testenv.Read(t, file)
	code, _, stderr := run(t, "put", file, testenv.Write(t, "wifi", nil))
	if code != command.ExitInput || !strings.Contains(stderr, "found a zip") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	if !bytes.Equal(testenv.Read(t, file), before) {
		t.Error("the zip was changed")
	}
}

func TestShowWarnsOfTheBackupTable(t *testing.T) {
	_, img := built(t)
	d := testenv.Read(t, img)
	clear(d[512:1024])
	code, stdout, stderr := run(t, "show", testenv.Write(t, "damaged.img", d))
	if code != 0 || !strings.Contains(stdout, "ROOT-A") || !strings.Contains(stderr, "this is the backup") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}

// A name in the table cannot steer the terminal; JSON has it as it is.
func TestShowOfAHostileName(t *testing.T) {
	_, img := built(t)
	testenv.Run(t, "cgpt", "add", "-i", "4", "-l", "\x1b[2Jname", img)
	code, stdout, stderr := run(t, "show", "-v", img)
	if code != 0 || strings.Contains(stdout, "\x1b") || !strings.Contains(stdout, "\ufffd[2Jname") {
		t.Errorf("exit %d\n%q%s", code, stdout, stderr)
	}
	if !strings.Contains(stdout, "GUID") || !strings.Contains(stdout, " 1048576 ") {
		t.Errorf("-v has no GUIDs or bytes:\n%s", stdout)
	}
	if _, stdout, _ = run(t, "show", "--json", img); !strings.Contains(stdout, `\u001b[2Jname`) {
		t.Errorf("JSON: %s", stdout)
	}
}

func TestBuildTakesAGUIDAndProgress(t *testing.T) {
	dir, spec := inputs(t)
	spec["partitions"].([]any)[3].(map[string]any)["type"] = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
	file, img := writeSpec(t, dir, spec), filepath.Join(dir, "img")
	if code, _, stderr := run(t, "build", "--progress", "never", "--spec", file, "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	if out := testenv.Run(t, "cgpt", "show", "-i", "4", "-t", img); !strings.EqualFold(strings.TrimSpace(out), "C12A7328-F81F-11D2-BA4B-00A0C93EC93B") {
		t.Errorf("type %s", out)
	}
	if code, _, _ := run(t, "build", "--progress", "maybe", "--spec", file, "--out", img); code != command.ExitUsage {
		t.Errorf("--progress maybe: exit %d", code)
	}
}
