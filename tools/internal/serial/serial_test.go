package serial_test

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/serial"
)

func watch(ctx context.Context, r io.Reader) (string, error) {
	w := &serial.Watcher{Expect: regexp.MustCompile("system is up"), Fail: regexp.MustCompile("panic")}
	return w.Watch(ctx, r)
}

func TestFindsTheLine(t *testing.T) {
	line, err := watch(context.Background(), strings.NewReader("boot\r\n\x1b[0;32mthe \x1b]0;title\x07system is up\x1b[0m\r\nlater\n"))
	if err != nil || line != "the system is up" {
		t.Errorf("%q, %v", line, err)
	}
}

func TestSaysWhyItWasNotReached(t *testing.T) {
	for name, test := range map[string]struct{ console, want string }{
		"failed":  {"hello\nKernel panic - not syncing\n", "the boot failed"},
		"stopped": {"hello\n", "the machine stopped"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := watch(context.Background(), strings.NewReader(test.console))
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
	_, err := watch(ctx, r)
	if err == nil || !strings.Contains(err.Error(), "the time limit was over") || !strings.Contains(err.Error(), "Freezing execution.") {
		t.Errorf("%v", err)
	}
}
