package bootscript_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/bootscript"
)

// machine writes down what it is told.
type machine struct {
	done []string
	fail error
}

func (m *machine) Expect(_ context.Context, re *regexp.Regexp) (string, error) {
	m.done = append(m.done, "expect "+re.String())
	return "", m.fail
}
func (m *machine) Send(text string) error {
	m.done = append(m.done, "send "+text)
	return nil
}
func (m *machine) Control(command json.RawMessage) error {
	m.done = append(m.done, "qmp "+string(command))
	return nil
}

const dialogue = `# choose the second
expect  2  nixos
  send "2\r"

qmp {"execute": "system_reset"}
`

func TestRunsTheSteps(t *testing.T) {
	script, err := bootscript.Parse(strings.NewReader(dialogue))
	if err != nil {
		t.Fatal(err)
	}
	var m machine
	if err := script.Run(context.Background(), &m); err != nil {
		t.Fatal(err)
	}
	want := "expect (?m) 2  nixos|send 2\r|qmp {\"execute\": \"system_reset\"}"
	if got := strings.Join(m.done, "|"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestStopsAndNamesTheStep(t *testing.T) {
	script, err := bootscript.Parse(strings.NewReader(dialogue))
	if err != nil {
		t.Fatal(err)
	}
	m := machine{fail: errors.New("the machine stopped")}
	err = script.Run(context.Background(), &m)
	if !errors.Is(err, m.fail) || !strings.HasPrefix(err.Error(), "line 2: expect ") || len(m.done) != 1 {
		t.Errorf("%v, %q", err, m.done)
	}
}

func TestPauseEndsWithTheContext(t *testing.T) {
	script, err := bootscript.Parse(strings.NewReader("pause 1ms\npause 1h\nsend \"x\""))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var m machine
	if err := script[1:].Run(ctx, &m); !errors.Is(err, context.Canceled) || len(m.done) != 0 {
		t.Errorf("%v, %q", err, m.done)
	}
	if err := script[:1].Run(context.Background(), &m); err != nil {
		t.Error(err)
	}
}

func TestRefusesWhatIsNoStep(t *testing.T) {
	for _, text := range []string{"wait 5", "send hello", "expect (", "qmp {", "send", "pause 5", "pause"} {
		_, err := bootscript.Parse(strings.NewReader("\n" + text + "\n"))
		if !badinput.Is(err) || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
