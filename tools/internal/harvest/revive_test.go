package harvest

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// counting is a context that is asked so many times before it ends.
type counting struct {
	context.Context
	asked, most int
}

func (c *counting) Err() error {
	if c.asked++; c.asked > c.most {
		return context.Canceled
	}
	return nil
}

// chains are dead links to a file that is not there yet: so many of each other,
// the first by name last on the way.
func chains(count, long int) tree {
	t := tree{".": {kind: dirNode}}
	for c := range count {
		for k := range long {
			target := fmt.Sprintf("%06d-%02d", c, k+1)
			if k == long-1 {
				target = "file"
			}
			t[fmt.Sprintf("%06d-%02d", c, k)] = &node{kind: deadNode, target: target}
		}
	}
	return t
}

// Links that lead to each other are revived in steps that grow as their number
// does, whatever the order of their names is.
func TestReviveInFewSteps(t *testing.T) {
	const count, long = 200, 30
	dead := chains(count, long)
	under := tree{".": {kind: dirNode}, "file": {kind: fileNode}}
	ctx := &counting{Context: t.Context(), most: 4 * count * long}
	merged, _, err := merge(ctx, dead, under)
	if err != nil {
		t.Fatalf("after %d steps: %v", ctx.asked, err)
	}
	for name, n := range merged {
		if n.kind == deadNode {
			t.Errorf("%s is dead", name)
		}
	}
}

// A link that leads to itself stays dead, and ends.
func TestReviveOfALoop(t *testing.T) {
	loop := tree{
		".": {kind: dirNode}, "self": {kind: deadNode, target: "self"},
		"a": {kind: deadNode, target: "b"}, "b": {kind: deadNode, target: "a"},
	}
	if err := loop.revive(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"self", "a", "b"} {
		if loop[name].kind != deadNode {
			t.Errorf("%s leads somewhere", name)
		}
	}
}

// Each loop over a tree ends with its context.
func TestTreeLoopsEndWithTheirContext(t *testing.T) {
	under := tree{".": {kind: dirNode}, "file": {kind: fileNode}}
	for name, loop := range map[string]func(ctx context.Context) error{
		"settle": chains(100, 1).settle,
		"revive": chains(100, 1).revive,
		"merge": func(ctx context.Context) error {
			_, _, err := merge(ctx, under, chains(100, 1))
			return err
		},
	} {
		ctx := &counting{Context: t.Context(), most: 10}
		if err := loop(ctx); !errors.Is(err, context.Canceled) || ctx.asked != 11 {
			t.Errorf("%s: %v after %d steps", name, err, ctx.asked)
		}
	}
}
