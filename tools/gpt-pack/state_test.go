package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

func TestListAndGet(t *testing.T) {
	dir, img := built(t)
	if code, _, stderr := run(t, "put", img, filepath.Join(dir, "kernel.bin=a/new directory/k.bin")); code != command.ExitInput ||
		!strings.Contains(stderr, "what is free on STATE") {
		t.Errorf("a file larger than STATE: exit %d, %s", code, stderr)
	}
	file := testenv.Write(t, "f", []byte("content\n"))
	if code, _, stderr := run(t, "put", img, file+"=a/new directory/File.txt"); code != 0 {
		t.Fatal(stderr)
	}
	if out := testenv.Run(t, "mtype", "-i", img+"@@1M", "::/a/new directory/File.txt"); out != "content\n" {
		t.Errorf("mtype: %q", out)
	}
	if code, stdout, _ := run(t, "get", img, "/A/new directory/file.TXT"); code != 0 || stdout != "content\n" {
		t.Errorf("exit %d, %q", code, stdout)
	}
	out := filepath.Join(t.TempDir(), "out")
	if code, stdout, _ := run(t, "get", "--out", out, img, "dev_image/etc/lsb-factory"); code != 0 || stdout != "" ||
		string(testenv.Read(t, out)) != "SHIMBOOT_BOARD=test\n" {
		t.Errorf("exit %d, %q", code, stdout)
	}
	if code, _, stderr := run(t, "get", img, "gone"); code != command.ExitInput || !strings.Contains(stderr, `no file "gone"`) {
		t.Errorf("exit %d, %s", code, stderr)
	}
	_, stdout, _ := run(t, "ls", img)
	for _, want := range []string{" dev_image/etc/lsb-factory\n", " a/new directory/\n", " 8  1980-01-01 "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("want %q in\n%s", want, stdout)
		}
	}
	var listed struct{ Files []struct{ Path string } }
	_, stdout, _ = run(t, "ls", "--json", img)
	if err := json.Unmarshal([]byte(stdout), &listed); err != nil || len(listed.Files) != 6 {
		t.Errorf("%v, %+v", err, listed)
	}
}

// Whoever is about to lose a file to a power cut is told.
func TestPutSaysWhereThereIsNoRoomForBoth(t *testing.T) {
	_, img := built(t)
	for i, said := range []bool{false, true} {
		file := testenv.Write(t, "f", bytes.Repeat([]byte{byte(i)}, 600<<10))
		code, _, stderr := run(t, "put", img, file+"=large")
		if code != 0 || strings.Contains(stderr, "no room for large beside the one that it replaces") != said {
			t.Errorf("exit %d, %s; want it said: %v", code, stderr, said)
		}
		if out := testenv.Run(t, "mtype", "-i", img+"@@1M", "::/large"); out != string(testenv.Read(t, file)) {
			t.Errorf("mtype: %d bytes", len(out))
		}
	}
}

// What goes wrong with put changes nothing.
func TestFailedPutChangesNothing(t *testing.T) {
	_, img := built(t)
	before := testenv.Read(t, img)
	file := testenv.Write(t, "f", []byte("x"))
	interrupted, cancel := context.WithCancel(context.Background())
	cancel()
	for name, test := range map[string]struct {
		ctx  context.Context
		arg  string
		want string
	}{
		"interrupted":           {interrupted, file, "interrupted; nothing was written"},
		"a name of no FAT":      {context.Background(), file + "=a:b", `file name: found "a:b"`},
		"out of it":             {context.Background(), file + "=../f", "a path inside the partition"},
		"a directory's name":    {context.Background(), file + "=dev_image", "dev_image"},
		"a directory":           {context.Background(), filepath.Dir(file), "no regular file"},
		"nothing":               {context.Background(), file + "gone", "no such file"},
		"below a file":          {context.Background(), file + "=dev_image/etc/lsb-factory/x", "mmd"},
		"a program that breaks": {context.Background(), file, "mcopy"},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "a program that breaks" {
				bin := t.TempDir()
				script := "#!/bin/sh\nhead -c 1048576 /dev/urandom >\"$3\"\nexit 1\n"
				if err := os.WriteFile(filepath.Join(bin, "mcopy"), []byte(script), 0o755); err != nil {
					t.Fatal(err)
				}
				t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
			}
			code, _, stderr := runContext(t, test.ctx, "put", img, test.arg)
			if code == 0 || !strings.Contains(stderr, test.want) {
				t.Errorf("exit %d, %s; want %q", code, stderr, test.want)
			}
			if !bytes.Equal(testenv.Read(t, img), before) {
				t.Error("the image changed")
			}
		})
	}
}
