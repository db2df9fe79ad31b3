// Package bootscript is what a person would do with a virtual machine, written
// down: a line a step, blank lines and those with # aside.
//
//	expect REGEXP   wait for text on the serial console, after what was matched before;
//	                ^ and $ are the ends of lines
//	send "TEXT"     type it there, quoted as in Go: "2\r", "\x1b[B"
//	qmp JSON        a command to the machine itself (QEMU's QMP)
//	pause DURATION  let it run for a while: 50ms, 3s
//
//	script, err := bootscript.Parse(file)
//	err = script.Run(ctx, machine)
package bootscript

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"shimboot/tools/internal/badinput"
)

// Machine is what a script acts on.
type Machine interface {
	Expect(ctx context.Context, re *regexp.Regexp) (string, error)
	Send(text string) error
	Control(command json.RawMessage) error
}

// Script is a list of steps.
type Script []Step

// Step is one line of a script.
type Step struct {
	Line int // in the file, from 1
	Text string
	do   func(context.Context, Machine) error
}

// Run does one step after the other. An error names the step.
func (s Script) Run(ctx context.Context, m Machine) error {
	for _, step := range s {
		if err := step.do(ctx, m); err != nil {
			return fmt.Errorf("line %d: %s: %w", step.Line, step.Text, err)
		}
	}
	return nil
}

// Parse reads a script. What is no step is bad input.
func Parse(r io.Reader) (Script, error) {
	var script Script
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		do, err := parse(text)
		if err != nil {
			return nil, badinput.New("line %d: %v", number, err).Got("%s", text).Want(`expect REGEXP, send "TEXT", qmp JSON or pause DURATION`)
		}
		script = append(script, Step{number, text, do})
	}
	return script, lines.Err()
}

func parse(text string) (func(context.Context, Machine) error, error) {
	verb, argument, _ := strings.Cut(text, " ")
	switch verb {
	case "expect":
		re, err := regexp.Compile("(?m)" + argument)
		return func(ctx context.Context, m Machine) error {
			_, err := m.Expect(ctx, re)
			return err
		}, err
	case "send":
		text, err := strconv.Unquote(argument)
		return func(_ context.Context, m Machine) error { return m.Send(text) }, err
	case "qmp":
		command := json.RawMessage(argument)
		if !json.Valid(command) {
			return nil, fmt.Errorf("no JSON")
		}
		return func(_ context.Context, m Machine) error { return m.Control(command) }, nil
	case "pause":
		duration, err := time.ParseDuration(argument)
		return func(ctx context.Context, _ Machine) error { return pause(ctx, duration) }, err
	}
	return nil, fmt.Errorf("no step")
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
