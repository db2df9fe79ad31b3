package command_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
)

func TestExitCodes(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		err  error
		want int
	}{
		"done":           {nil, nil, 0},
		"I/O":            {nil, errors.New("disk on fire"), command.ExitIO},
		"bad input":      {nil, fmt.Errorf("file: %w", badinput.New("magic")), command.ExitInput},
		"bad usage":      {nil, command.Usage("no such thing"), command.ExitUsage},
		"unknown flag":   {[]string{"--frobnicate"}, nil, command.ExitUsage},
		"missing flag":   {[]string{"needs"}, nil, command.ExitUsage},
		"no such action": {[]string{"dance"}, nil, command.ExitUsage},
	} {
		t.Run(name, func(t *testing.T) {
			app := &cli.App{Name: "tool", Writer: &bytes.Buffer{}, Commands: []*cli.Command{
				{Name: "do", Action: func(*cli.Context) error { return test.err }},
				{Name: "needs", Flags: []cli.Flag{&cli.StringFlag{Name: "this", Required: true}}},
			}}
			args := test.args
			if args == nil {
				args = []string{"do"}
			}
			var stderr bytes.Buffer
			got := command.Run(context.Background(), app, append([]string{"tool"}, args...), &stderr)
			if got != test.want || (got != 0) != strings.HasPrefix(stderr.String(), "tool: ") {
				t.Errorf("exit %d, want %d; %s", got, test.want, stderr.String())
			}
		})
	}
}

func TestFlagsAfterTheArgument(t *testing.T) {
	app := &cli.App{Name: "tool", Action: func(c *cli.Context) error { _, err := command.Args(c, "IMAGE"); return err }}
	var stderr bytes.Buffer
	code := command.Run(context.Background(), app, []string{"tool", "image", "--json"}, &stderr)
	if code != command.ExitUsage || !strings.Contains(stderr.String(), "flags go before IMAGE") {
		t.Errorf("exit %d, %s", code, stderr.String())
	}
}

func TestOutputAppearsWholeOrNotAtAll(t *testing.T) {
	failing := errors.New("half way")
	dir := t.TempDir()
	err := command.OutputDir(filepath.Join(dir, "out"), func(d string) error {
		return errors.Join(os.WriteFile(filepath.Join(d, "f"), nil, 0o600), failing)
	})
	if !errors.Is(err, failing) {
		t.Error(err)
	}
	err = command.OutputFile(filepath.Join(dir, "file"), func(f *os.File) error {
		_, err := f.WriteString("half")
		return errors.Join(err, failing)
	})
	if !errors.Is(err, failing) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := command.OutputDir(filepath.Join(dir, "out")+"/", func(string) error { return nil }); err != nil {
		t.Error(err)
	}
}

// A file takes the place of a file, and of nothing else.
func TestOutputReplacesFilesOnly(t *testing.T) {
	dir := t.TempDir()
	file, socket := filepath.Join(dir, "file"), filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for path, want := range map[string]string{
		file: "", dir: "is a directory", "/dev/null": "gpt-pack flash writes to disks", socket: "no regular file",
		link(t, file): "", link(t, "/dev/null"): "is a device", link(t, filepath.Join(dir, "nothing")): "",
	} {
		err := command.OutputFile(path, func(f *os.File) error { _, err := f.WriteString("new"); return err })
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	if info, err := os.Lstat("/dev/null"); err != nil || info.Mode().IsRegular() {
		t.Errorf("/dev/null: %v %v", info, err)
	}
}

func link(t *testing.T, target string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
	return name
}
