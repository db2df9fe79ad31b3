// Package serial follows the serial console of a virtual machine and waits for
// what its boot says.
//
//	console := serial.New(output, serial.Options{Fail: regexp.MustCompile("panic")})
//	line, err := console.Expect(ctx, regexp.MustCompile("login: $"))
//	_, err = io.WriteString(input, "root\n")
package serial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Options of a console.
type Options struct {
	Fail *regexp.Regexp    // a line that means the boot has failed; may be nil
	Line func(line string) // is told each line; may be nil
}

// Console is the text that a machine writes, without colours and carriage
// returns.
type Console struct {
	o      Options
	chunks chan []byte
	ended  chan error
	clean  cleaner

	text string   // since the last match
	line string   // the last line, as far as it has come
	last []string // complete lines
}

// lastLines is how many lines a failure shows.
const lastLines = 25

// NotReached says that the expected text never came.
type NotReached struct {
	Reason string
	Want   *regexp.Regexp
	Last   []string // the console's last lines
}

func (e *NotReached) Error() string {
	return fmt.Sprintf("%s before %q was matched; the last lines were\n  %s",
		e.Reason, e.Want, strings.Join(e.Last, "\n  "))
}

// New follows r until it ends.
func New(r io.Reader, o Options) *Console {
	c := &Console{o: o, chunks: make(chan []byte), ended: make(chan error, 1)}
	go func() {
		c.ended <- c.read(r)
		close(c.chunks)
	}()
	return c
}

func (c *Console) read(r io.Reader) error {
	for {
		buf := make([]byte, 4096)
		n, err := r.Read(buf)
		if n > 0 {
			c.chunks <- buf[:n]
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Expect waits until the text since the last match matches re, in which ^ and
// $ are the ends of lines (say (?m)), and gives the matched text. A line that
// matches Fail, the machine's end and that of ctx are a *NotReached.
func (c *Console) Expect(ctx context.Context, re *regexp.Regexp) (string, error) {
	for {
		if at := re.FindStringIndex(c.text); at != nil {
			match := c.text[at[0]:at[1]]
			c.text = c.text[at[1]:]
			return match, nil
		}
		select {
		case chunk, ok := <-c.chunks:
			if !ok {
				return "", c.stopped(re)
			}
			if failed := c.add(c.clean.bytes(chunk)); failed {
				return "", c.notReached("the boot failed", re)
			}
		case <-ctx.Done():
			if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
				return "", c.notReached("the time limit was over", re)
			}
			return "", c.notReached("interrupted", re)
		}
	}
}

func (c *Console) stopped(re *regexp.Regexp) error {
	if err := <-c.ended; err != nil {
		return err
	}
	c.ended <- nil
	return c.notReached("the machine stopped", re)
}

// add takes new text in, and says whether one of its lines means failure.
func (c *Console) add(text string) (failed bool) {
	c.text += text
	for {
		line, rest, complete := strings.Cut(text, "\n")
		c.line += line
		if !complete {
			return failed
		}
		failed = c.o.Fail != nil && c.o.Fail.MatchString(c.line) || failed
		c.Flush()
		text = rest
	}
}

// Flush tells Line what there is of a line that has not ended.
func (c *Console) Flush() {
	if c.o.Line != nil {
		c.o.Line(c.line)
	}
	c.last = append(c.last, c.line)
	if len(c.last) > lastLines {
		c.last = c.last[1:]
	}
	c.line = ""
}

func (c *Console) notReached(reason string, re *regexp.Regexp) error {
	return &NotReached{reason, re, append(c.last, c.line)}
}
