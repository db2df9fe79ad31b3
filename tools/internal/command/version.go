package command

import (
	"errors"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// version is VERSION's text where Nix builds the tools: the linker puts it here
// (nix/packages/tools.nix).
var version string

// Version is what --version prints: that of VERSION or, of tools that were not
// built by Nix, what Go knows of the checkout.
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// errVersion ends a run that was asked for the version.
var errVersion = errors.New("the version was asked for")

// versionFlag is our own: that of urfave/cli takes -v as well.
func versionFlag() cli.Flag { return &cli.BoolFlag{Name: "version", Usage: "print the version"} }

// versionOr ends a run with --version before anything is found missing.
func versionOr(check cli.BeforeFunc) cli.BeforeFunc {
	return func(c *cli.Context) error {
		if c.Bool("version") {
			return errVersion
		}
		return check(c)
	}
}
