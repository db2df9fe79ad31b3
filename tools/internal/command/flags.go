package command

import (
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// checkFlags adapts a command's flags: switches' help does not say that they
// are off, and what is Required, of the StringFlags, is checked here, as
// urfave/cli prints all of the help before its error.
func checkFlags(flags []cli.Flag) cli.BeforeFunc {
	var required []string
	for _, f := range flags {
		switch f := f.(type) {
		case *cli.BoolFlag:
			f.DisableDefaultText = true
		case *cli.StringFlag:
			if f.Required {
				f.Required = false
				required = append(required, f.Name)
			}
		}
	}
	return func(c *cli.Context) error {
		for _, name := range required {
			if c.String(name) == "" {
				return Usage("%s is missing; see --help", dashed(name))
			}
		}
		return nil
	}
}

// flagError puts what package flag says, in errors of no type, in the words
// of the other messages.
func flagError(c *cli.Context, err error, _ bool) error {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		return Usage("there is no option %s; see --help", dashed(name))
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return Usage("%s has no value; see --help", dashed(name))
	}
	invalid := regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?-([\w-]+): `)
	if m := invalid.FindStringSubmatch(text); m != nil {
		return Usage("%s %s: want %s", dashed(m[2]), m[1], wanted(c.Command.Flags, m[2]))
	}
	return Usage("%s", text)
}

// wanted says what a flag takes that does not take everything.
func wanted(flags []cli.Flag, name string) string {
	for _, f := range flags {
		if !slices.Contains(f.Names(), name) {
			continue
		}
		switch f.(type) {
		case *cli.BoolFlag:
			return "no value"
		case *cli.DurationFlag:
			return "a time such as 90s or 5m"
		}
	}
	return "a number"
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}
