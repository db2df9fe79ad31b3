package command_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
)

// tool runs one with a command "do" that needs --this and an argument.
func tool(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	flags := []cli.Flag{
		&cli.StringFlag{Name: "this", Usage: "`FILE` to take", Required: true},
		&cli.IntFlag{Name: "part"}, &cli.DurationFlag{Name: "timeout"}, &cli.BoolFlag{Name: "json"}, &cli.BoolFlag{Name: "v"},
	}
	action := func(c *cli.Context) error { _, err := command.Args(c, "IMAGE"); return err }
	app := &cli.App{Name: "tool", Writer: &out, ErrWriter: &out, Flags: flags, Action: action}
	if len(args) > 0 && args[0] == "do" {
		app = &cli.App{Name: "tool", Writer: &out, ErrWriter: &out, Commands: []*cli.Command{{Name: "do", Flags: flags, Action: action}}}
	}
	code = command.Run(context.Background(), app, append([]string{"tool"}, args...), &errs)
	return code, out.String(), errs.String()
}

// What is wrong with a command line is one sentence, of a tool as of a tool's
// command.
func TestUsageErrors(t *testing.T) {
	for line, want := range map[string]string{
		"image":                       "--this is missing; see --help",
		"--foo image":                 "there is no option --foo; see --help",
		"-f image":                    "there is no option -f; see --help",
		"--this":                      "--this has no value; see --help",
		"--part x image":              `--part "x": want a number`,
		"--timeout x image":           `--timeout "x": want a time such as 90s or 5m`,
		"--json=x image":              `--json "x": want no value`,
		"--this a":                    "want: tool IMAGE",
		"--this a image other":        "want: tool IMAGE",
		"--this a image --json":       "flags go before IMAGE",
		"--part 99999999999999999999": `--part "99999999999999999999": want a number`,
	} {
		code, stdout, stderr := tool(strings.Fields(line)...)
		if code != command.ExitUsage || stderr != "tool: "+want+"\n" || stdout != "" {
			t.Errorf("%s: exit %d, %q, want %q\n%s", line, code, stderr, want, stdout)
		}
		code, stdout, stderr = tool(append([]string{"do"}, strings.Fields(line)...)...)
		want = strings.Replace(want, "want: tool", "want: tool do", 1)
		if code != command.ExitUsage || stderr != "tool: "+want+"\n" || stdout != "" {
			t.Errorf("do %s: exit %d, %q, want %q\n%s", line, code, stderr, want, stdout)
		}
	}
}

// Help comes whatever else is on the command line, and says of no switch that
// it is off.
func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"--help", "/nix/store/image"}, {"do", "--help"}, {"do", "--help", "image"}} {
		code, stdout, stderr := tool(args...)
		if code != 0 || !strings.Contains(stdout, "--this FILE") || stderr != "" || strings.Contains(stdout, "false") {
			t.Errorf("%q: exit %d, %s%s", args, code, stderr, stdout)
		}
	}
}

func TestNoArgumentIsWanted(t *testing.T) {
	app := &cli.App{Name: "tool", Action: func(c *cli.Context) error { _, err := command.Args(c); return errors.Join(err) }}
	var stderr bytes.Buffer
	code := command.Run(context.Background(), app, []string{"tool", "x"}, &stderr)
	if code != command.ExitUsage || !strings.Contains(stderr.String(), `no argument is wanted, but there is "x"`) {
		t.Errorf("exit %d, %s", code, stderr.String())
	}
}
