package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/powercut"
)

// run looks at all states, names those where something is lost, and counts.
func (r *rig) run(c *cli.Context) error {
	states := powercut.Plan(r.log, powercut.Options{Cuts: c.Int("cuts"), Seed: c.Uint64("seed"), Tear: r.tear})
	first := 0
	if n := c.Int("state"); n >= 0 && n < len(states) {
		states, first = states[n:n+1], n
	}
	var rule *oldOrNew
	if c.Bool("old-or-new") {
		var err error
		if rule, err = newOldOrNew(c, r); err != nil {
			return err
		}
	}
	found, err := r.look(c.Context, states)
	if err != nil {
		return err
	}
	lost, inOrder := 0, 0
	for i, s := range states {
		if s.How == "all" {
			inOrder++
		}
		why := judge(rule, s, found[i])
		if why == "" {
			continue
		}
		lost++
		if lost <= 10 {
			fmt.Fprintf(c.App.Writer, "LOST  state %d, seed %d: %v: %s\n", first+i, c.Uint64("seed"), s, why)
		}
	}
	if rule != nil && rule.last != "" {
		lost++
		fmt.Fprintf(c.App.Writer, "LOST  %s\n", rule.last)
	}
	fmt.Fprintf(c.App.Writer, "%d entries; seed %d; %d cuts: %d with all that was written, %d with some of it missing or torn; lost: %d\n",
		len(r.log.Entries), c.Uint64("seed"), len(states), inOrder, len(states)-inOrder, lost)
	if lost > 0 {
		return fmt.Errorf("%d states are wrong; --state NUMBER --keep FILE shows one", lost)
	}
	return nil
}

func judge(rule *oldOrNew, s powercut.State, f finding) string {
	if f.err != nil {
		return fmt.Sprintf("%v: %s", f.err, f.text)
	}
	if rule != nil {
		return rule.judge(s, f)
	}
	return ""
}

var _ = io.Discard
