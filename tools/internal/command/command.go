// Package command is what the tools' command lines have in common: exit codes,
// the form of error messages, and progress.
//
//	func main() { command.Main(app()) }
//
// Exit codes: 0 done, 1 I/O or environment, 2 bad input, 64 bad usage.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/terminal"
)

// The exit codes.
const (
	ExitIO    = 1
	ExitInput = 2
	ExitUsage = 64
)

// UsageError is a command line that makes no sense.
type UsageError struct{ Reason string }

func (e *UsageError) Error() string { return e.Reason }

// Usage makes a UsageError.
func Usage(format string, args ...any) error {
	return &UsageError{fmt.Sprintf(format, args...)}
}

// Main runs app on the process's arguments and exits. The first SIGINT,
// SIGTERM or SIGHUP ends the command's context, so that it can remove what it
// has half written; a second one ends the process.
func Main(app *cli.App) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop)
	os.Exit(Run(ctx, app, os.Args, os.Stderr))
}

// Run runs app and gives the exit code; errors go to stderr as "tool: what".
func Run(ctx context.Context, app *cli.App, args []string, stderr io.Writer) int {
	prepare(app)
	err := app.RunContext(ctx, args)
	if errors.Is(err, errVersion) {
		_, err = fmt.Fprintln(app.Writer, app.Name, Version())
	}
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = errors.New("interrupted; nothing was written")
	}
	fmt.Fprintf(stderr, "%s: %s\n", app.Name, terminal.PrintableLines(err.Error()))
	return exitCode(err)
}

// prepare takes over what urfave/cli does by itself: printing usage and
// exiting on bad flags, and taking an argument after --help for a command.
func prepare(app *cli.App) {
	app.ExitErrHandler = func(*cli.Context, error) {}
	app.OnUsageError = flagError
	app.HideVersion = true // --version is ours
	app.Flags = append(app.Flags, versionFlag())
	app.HideHelpCommand = len(app.Commands) == 0
	app.CommandNotFound = func(c *cli.Context, _ string) { _ = showHelp(c) } // of --help with an argument
	app.Before = versionOr(checkFlags(app.Flags))
	if app.Action == nil {
		app.Action = noCommand
	}
	for _, c := range app.Commands {
		c.OnUsageError = flagError
		c.HideHelpCommand = true
		c.Before = checkFlags(c.Flags)
	}
}

func noCommand(c *cli.Context) error {
	if c.Args().Present() {
		return Usage("no command %q; see --help", c.Args().First())
	}
	return showHelp(c)
}

func showHelp(c *cli.Context) error {
	if c.Command.Name == c.App.Name {
		return cli.ShowAppHelp(c)
	}
	return cli.ShowSubcommandHelp(c)
}

func exitCode(err error) int {
	var usage *UsageError
	switch {
	case errors.As(err, &usage):
		return ExitUsage
	case badinput.Is(err):
		return ExitInput
	}
	return ExitIO
}

// Args checks the number of arguments and gives them.
func Args(c *cli.Context, names ...string) ([]string, error) {
	if len(names) == 0 && c.Args().Present() {
		return nil, Usage("no argument is wanted, but there is %q; see --help", c.Args().First())
	}
	if slices.ContainsFunc(c.Args().Tail(), func(a string) bool { return strings.HasPrefix(a, "-") }) {
		return nil, Usage("flags go before %s", strings.Join(names, " "))
	}
	if c.NArg() != len(names) {
		return nil, Usage("want: %s %s", c.Command.HelpName, strings.Join(names, " "))
	}
	return c.Args().Slice(), nil
}
