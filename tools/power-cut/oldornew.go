package main

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/powercut"
)

// oldOrNew is what was found at each flush, when only that was on the disk which
// the flush made sure of; and in the end.
type oldOrNew struct {
	rig   *rig
	found map[int]string // by entry
	next  map[int]int    // the flush behind it
	end   string         // what is wrong with it, or empty
}

func newOldOrNew(c *cli.Context, r *rig) (*oldOrNew, error) {
	states := append([]powercut.State{{}}, powercut.Flushed(r.log)...)
	found, err := r.look(c.Context, states)
	if err != nil {
		return nil, err
	}
	o := &oldOrNew{rig: r, found: map[int]string{}, next: map[int]int{}}
	for i, s := range states {
		o.found[s.After] = found[i].text
		if i > 0 {
			o.next[states[i-1].After] = s.After
		}
	}
	// Who wrote says that it is done: the last flush has to have made sure of all.
	if before, end := found[len(found)-2].text, found[len(found)-1].text; before != end {
		o.end = fmt.Sprintf("the end is not flushed: it is %q, and what is sure to be there is %q", end, before)
	} else if !slices.ContainsFunc(found, func(f finding) bool { return f.text != end }) {
		o.end = fmt.Sprintf("it is %q all the time: nothing new can be seen to be lost", end)
	}
	return o, nil
}

// judge tells what is wrong, if anything is.
func (o *oldOrNew) judge(s powercut.State, f finding) string {
	if why := judgeByStatus(s, f); why != "" {
		return why
	}
	at := powercut.LastFlush(o.rig.log, s.After)
	was, becomes := o.found[at], o.found[o.next[at]]
	if f.text == was || f.text == becomes {
		return ""
	}
	return fmt.Sprintf("it is %q, want %q or %q", f.text, was, becomes)
}
