package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/powercut"
)

// shown is how many wrong states are named.
const shown = 10

// run looks at all states, names those where something is lost, and counts.
func (r *rig) run(c *cli.Context) error {
	states, first, err := r.choose(c)
	if err != nil {
		return err
	}
	judge := judgement(judgeByStatus)
	lost := 0
	if c.Bool("old-or-new") {
		rule, err := newOldOrNew(c, r)
		if err != nil {
			return err
		}
		if rule.end != "" {
			fmt.Fprintf(c.App.Writer, "LOST  %s\n", rule.end)
			lost++
		}
		judge = rule.judge
	}
	found, err := r.look(c.Context, states)
	if err != nil {
		return err
	}
	inOrder := 0
	for i, s := range states {
		if s.How == "all" {
			inOrder++
		}
		why := judge(s, found[i])
		if why == "" {
			continue
		}
		if lost++; lost <= shown {
			fmt.Fprintf(c.App.Writer, "LOST  state %d, seed %d: %v: %s\n", first+i, c.Uint64("seed"), s, why)
		}
	}
	fmt.Fprintf(c.App.Writer, "%d entries; seed %d; %d cuts: %d with all that was written, %d with some of it missing or torn; lost: %d\n",
		len(r.log.Entries), c.Uint64("seed"), len(states), inOrder, len(states)-inOrder, lost)
	if lost > 0 {
		return fmt.Errorf("%d states are wrong; --state NUMBER --keep FILE keeps one", lost)
	}
	return nil
}

// choose gives the states to look at, and the number of the first.
func (r *rig) choose(c *cli.Context) (states []powercut.State, first int, err error) {
	states = powercut.Plan(r.log, powercut.Options{Cuts: c.Int("cuts"), Seed: c.Uint64("seed"), Tear: r.tear})
	if !c.IsSet("state") {
		return states, 0, nil
	}
	n := c.Int("state")
	if n < 0 || n >= len(states) {
		return nil, 0, command.Usage("--state %d: there are %d states, from 0", n, len(states))
	}
	return states[n : n+1], n, nil
}

// judgement says what is wrong with a state, if anything is.
type judgement func(powercut.State, finding) string

func judgeByStatus(_ powercut.State, f finding) string {
	if f.err != nil {
		return fmt.Sprintf("%v: %s", f.err, f.text)
	}
	return ""
}
