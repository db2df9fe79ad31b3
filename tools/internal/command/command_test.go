package command_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
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

// The place of an output is taken: what helps is a flag, or another command.
func TestAdviceOnOutputs(t *testing.T) {
	none := func(*os.File) error { return nil }
	for _, test := range []struct {
		err  error
		want string
	}{
		{command.OutputFile("/dev/null", none), "/dev/null is a device; gpt-pack flash writes to disks"},
		{command.OutputFile(t.TempDir(), none), "is a directory"},
		{command.OutputDir(t.TempDir(), func(string) error { return nil }), "is there already; remove it or choose another --out"},
	} {
		if test.err == nil || !strings.HasSuffix(test.err.Error(), test.want) {
			t.Errorf("%v, want %q", test.err, test.want)
		}
	}
}

// Whatever else is missing from the command line.
func TestVersion(t *testing.T) {
	app := &cli.App{
		Name: "tool", Writer: &bytes.Buffer{}, Action: func(*cli.Context) error { return errors.New("it ran") },
		Flags: []cli.Flag{&cli.StringFlag{Name: "out", Required: true}, &cli.BoolFlag{Name: "v"}},
	}
	var stderr bytes.Buffer
	code := command.Run(context.Background(), app, []string{"tool", "--version"}, &stderr)
	if got := app.Writer.(*bytes.Buffer).String(); code != 0 || got != "tool "+command.Version()+"\n" || stderr.Len() > 0 {
		t.Errorf("exit %d, %q, %q", code, got, stderr.String())
	}
	if command.Version() == "" {
		t.Error("a version that says nothing")
	}
}
