// Power-cut cuts the power of a disk again and again, after the fact: from a log
// of what was written to it (qemu-boot --record-writes) it makes what may be on
// the disk after each write, and has a command look at that.
//
//	power-cut --base before.img --log writes.log --cuts 200 --check 'e2fsck -fn "$STATE"'
package main

import (
	"runtime"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
)

func main() { command.Main(app()) }

func app() *cli.App {
	return &cli.App{
		Name:  "power-cut",
		Usage: "look at what is on a disk after a power cut, at many moments",
		Description: "The command is run by sh in an empty directory, with the state as the file $STATE, which it must not change.\n" +
			"It fails where something is lost. Exit code 0: it failed for no state; 1: for some, which are named.\n\n" +
			"Example: power-cut --base before.img --log writes.log --cuts 200 --check 'e2fsck -fn \"$STATE\"'",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "base", Usage: "`FILE` with the disk as it was before", Required: true},
			&cli.StringFlag{Name: "log", Usage: "what was written since: a `FILE` of dm-log-writes", Required: true},
			&cli.StringFlag{Name: "check", Usage: "`COMMAND` that looks at a state", Required: true},
			&cli.IntFlag{Name: "flushes", Usage: "cut up to the flush of this `NUMBER` alone, from 1"},
			&cli.IntFlag{Name: "cuts", Usage: "how `MANY` states to look at", Value: 100},
			&cli.Uint64Flag{Name: "seed", Usage: "`NUMBER` that the choice of states follows from", Value: 1},
			&cli.Int64Flag{Name: "tear", Usage: "`BYTES` of a write that are there together or not at all", Value: 512},
			&cli.BoolFlag{Name: "old-or-new", Usage: "what the command prints has to be what it prints at the flush before or at the next; in the end the new"},
			&cli.IntFlag{Name: "state", Usage: "look at the state of this `NUMBER` alone, from 0"},
			&cli.StringFlag{Name: "keep", Usage: "copy the first state that is looked at and fails to `FILE`"},
			&cli.IntFlag{Name: "jobs", Usage: "look at this `MANY` states at a time", Value: runtime.NumCPU()},
		},
		Action: run,
	}
}

func run(c *cli.Context) error {
	if _, err := command.Args(c); err != nil {
		return err
	}
	if c.Int("cuts") < 1 || c.Int64("tear") < 1 || c.Int("jobs") < 1 {
		return command.Usage("--cuts, --tear and --jobs are at least 1")
	}
	r, err := newRig(c)
	if err != nil {
		return err
	}
	defer r.Close()
	return r.run(c)
}
