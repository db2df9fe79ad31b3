package serial_test

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"shimboot/tools/internal/serial"
)

var isUp = regexp.MustCompile(`(?m)^.*system is up$`)

func expect(ctx context.Context, r io.Reader) (string, error) {
	return serial.New(r, serial.Options{Fail: regexp.MustCompile("panic")}).Expect(ctx, isUp)
}

func TestFindsTheLine(t *testing.T) {
	console := "boot\r\n\x1b[0;32mthe \x1b]0;title\x07system \x1b]0;title\x1b\\is up\x1b[0m\r\nlater\n"
	for name, r := range map[string]io.Reader{
		"at once":      strings.NewReader(console),
		"byte by byte": iotest.OneByteReader(strings.NewReader(console)),
	} {
		line, err := expect(context.Background(), r)
		if err != nil || line != "the system is up" {
			t.Errorf("%s: %q, %v", name, line, err)
		}
	}
}

// A prompt has no end of line, and each match begins where the last one ended.
func TestFollowsADialogue(t *testing.T) {
	var lines []string
	c := serial.New(strings.NewReader("name: jo\nname: mo\nwelcome"), serial.Options{Line: func(s string) { lines = append(lines, s) }})
	for _, want := range []string{"name: ", "name: m", "welcome"} {
		if got, err := c.Expect(context.Background(), regexp.MustCompile(want)); got != want {
			t.Errorf("%q, want %q, %v", got, want, err)
		}
	}
	c.Flush()
	if got := strings.Join(lines, "|"); got != "name: jo|name: mo|welcome" {
		t.Error(got)
	}
	if _, err := c.Expect(context.Background(), regexp.MustCompile("name")); err == nil {
		t.Error("matched again what was matched before")
	}
}

func TestSaysWhyItWasNotReached(t *testing.T) {
	for name, test := range map[string]struct{ console, want string }{
		"failed":  {"hello\nKernel panic - not syncing\n", "the boot failed"},
		"stopped": {"hello\n", "the machine stopped"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := expect(context.Background(), strings.NewReader(test.console))
			var not *serial.NotReached
			if !errors.As(err, &not) || not.Reason != test.want || not.Last[0] != "hello" {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestTimeLimitEndsAFrozenBoot(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	go io.WriteString(w, "Freezing execution.\n")
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err := expect(ctx, r)
	if err == nil || !strings.Contains(err.Error(), "the time limit was over") || !strings.Contains(err.Error(), "Freezing execution.") {
		t.Errorf("%v", err)
	}
}
