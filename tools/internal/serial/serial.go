// Package serial watches the serial console of a virtual machine for what its
// boot says.
//
//	w := serial.Watcher{Expect: regexp.MustCompile("login:"), Line: func(s string) { fmt.Println(s) }}
//	err := w.Watch(ctx, console)
package serial

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Watcher reads lines until one matches. Lines are without colours and
// carriage returns.
type Watcher struct {
	Expect *regexp.Regexp    // the boot has succeeded
	Fail   *regexp.Regexp    // the boot has failed; may be nil
	Line   func(line string) // is told each line; may be nil

	last []string
}

// lastLines is how many lines a failure shows.
const lastLines = 25

// NotReached says that the expected line never came.
type NotReached struct {
	Reason string
	Want   *regexp.Regexp
	Last   []string // the console's last lines
}

func (e *NotReached) Error() string {
	return fmt.Sprintf("%s before a line matched %q; the last lines were\n  %s",
		e.Reason, e.Want, strings.Join(e.Last, "\n  "))
}

// Watch reads r, the console, until Expect or Fail matches, r ends or ctx does.
// It gives the line that matched.
func (w *Watcher) Watch(ctx context.Context, r io.Reader) (string, error) {
	lines := make(chan string)
	ended := make(chan error, 1)
	go func() {
		ended <- readLines(ctx, r, lines)
	}()
	for {
		select {
		case line := <-lines:
			w.keep(line)
			if w.Expect.MatchString(line) {
				return line, nil
			}
			if w.Fail != nil && w.Fail.MatchString(line) {
				return "", &NotReached{"the boot failed", w.Expect, w.last}
			}
		case err := <-ended:
			if err != nil {
				return "", err
			}
			return "", &NotReached{"the machine stopped", w.Expect, w.last}
		case <-ctx.Done():
			reason := "interrupted"
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				reason = "the time limit was over"
			}
			return "", &NotReached{reason, w.Expect, w.last}
		}
	}
}

func (w *Watcher) keep(line string) {
	if w.Line != nil {
		w.Line(line)
	}
	w.last = append(w.last, line)
	if len(w.last) > lastLines {
		w.last = w.last[1:]
	}
}

func readLines(ctx context.Context, r io.Reader, lines chan<- string) error {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 4096), 1<<20)
	for s.Scan() {
		select {
		case lines <- clean(s.Text()):
		case <-ctx.Done():
			return nil
		}
	}
	return s.Err()
}

// clean takes out terminal control sequences (ECMA-48 CSI and OSC) and
// carriage returns.
func clean(s string) string {
	if !strings.ContainsAny(s, "\x1b\r") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\r':
		case s[i] == 0x1b:
			i = skipEscape(s, i)
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// skipEscape gives the index of the last byte of the sequence at i.
func skipEscape(s string, i int) int {
	if i+1 >= len(s) {
		return i
	}
	switch s[i+1] {
	case '[':
		for i += 2; i < len(s) && (s[i] < 0x40 || s[i] > 0x7e); i++ {
		}
		return i
	case ']':
		for i += 2; i < len(s) && s[i] != 0x07 && s[i] != 0x1b; i++ {
		}
		if i+1 < len(s) && s[i] == 0x1b {
			i++
		}
		return i
	}
	return i + 1
}
