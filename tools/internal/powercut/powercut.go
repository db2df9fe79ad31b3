// Package powercut makes what may be on a disk after the power went: from a log
// of what was written to it, and a copy of what it was before.
//
//	states := powercut.Plan(log, powercut.Options{Cuts: 100, Seed: 1, Tear: 512})
//	replay := powercut.NewReplay(log, disk)
//	for _, s := range states {
//		err := replay.With(s, func() error { return look(disk) })
//	}
//
// What was written before the last flush is there. Of what was written since,
// any may be missing, and a write may be there in part: a disk has it in its own
// memory, and keeps no order. A write over another one is the later of the two;
// that the first comes last is what a disk's memory rules out.
//
// QEMU notes a write when it is asked for, not when it is done: one that is under
// way when a flush is asked for counts as flushed here, and need not be.
package powercut

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"shimboot/tools/internal/writelog"
)

// State is a moment at which the power goes, and what of the writes that were
// not flushed is on the disk then.
type State struct {
	After int    // entries of the log
	How   string // "all", "none", or what is missing
	keep  []kept
}

// kept is a write that is there; parts is nil for all of it.
type kept struct {
	entry int
	parts []bool // of Options.Tear bytes each
}

func (s State) String() string {
	return fmt.Sprintf("cut after entry %d, of what was not flushed: %s", s.After, s.How)
}

// Options for Plan.
type Options struct {
	Cuts int    // how many states
	Seed uint64 // of the choice; the same gives the same
	Tear int64  // bytes that are written whole or not at all
}

// Plan chooses states, in the order of the log: half of them the writes in their
// order up to some point (every point, where there are few), the others with
// some missing or torn. No two are the same; there may be fewer than asked for.
func Plan(log *writelog.Log, o Options) []State {
	p := planner{log: log, o: o, random: rand.New(rand.NewPCG(o.Seed, 0)), seen: map[string]bool{}}
	p.prefixes((o.Cuts + 1) / 2)
	p.variants(o.Cuts)
	slices.SortStableFunc(p.states, func(a, b State) int { return a.After - b.After })
	return p.states
}

// Flushed are the states at each flush with only what it made sure of, and the
// last with all that was written.
func Flushed(log *writelog.Log) []State {
	var states []State
	for i, e := range log.Entries {
		if e.Flags&writelog.Flush != 0 {
			states = append(states, State{After: i + 1, How: "none"})
		}
	}
	n := len(log.Entries)
	_, loose := since(log, n)
	return append(states, state(log, n, "all", whole(loose)))
}

// LastFlush is the entry behind the last flush before an entry.
func LastFlush(log *writelog.Log, after int) int {
	for i := after; i > 0; i-- {
		if log.Entries[i-1].Flags&writelog.Flush != 0 {
			return i
		}
	}
	return 0
}

// since are the writes between the last flush and an entry: those that are sure
// all the same, and those that may be missing.
func since(log *writelog.Log, after int) (sure, loose []int) {
	for i := LastFlush(log, after); i < after; i++ {
		switch e := log.Entries[i]; {
		case !e.Writes():
		case e.Flags&writelog.FUA != 0:
			sure = append(sure, i)
		default:
			loose = append(loose, i)
		}
	}
	return sure, loose
}

// state has what is sure, and what is kept of the rest.
func state(log *writelog.Log, after int, how string, keep []kept) State {
	sure, _ := since(log, after)
	keep = append(whole(sure), keep...)
	slices.SortFunc(keep, func(a, b kept) int { return a.entry - b.entry })
	return State{after, how, keep}
}

func whole(entries []int) []kept {
	var list []kept
	for _, i := range entries {
		list = append(list, kept{entry: i})
	}
	return list
}
