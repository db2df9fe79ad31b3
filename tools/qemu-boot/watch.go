package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/bootscript"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/depthcharge"
	"shimboot/tools/internal/qmp"
	"shimboot/tools/internal/serial"
)

// running is a machine as scripts know it.
type running struct {
	*serial.Console
	*qmp.Monitor
	keyboard io.Writer // of the serial terminal
}

func (r *running) Send(text string) error {
	_, err := io.WriteString(r.keyboard, text)
	return err
}

func (r *running) Control(command json.RawMessage) error { return r.Do(command) }

// script is the one given, or the one step of --expect.
func script(c *cli.Context) (bootscript.Script, error) {
	if !c.IsSet("script") {
		return bootscript.Parse(strings.NewReader("expect " + c.String("expect")))
	}
	file, err := os.Open(c.String("script"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	steps, err := bootscript.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file.Name(), err)
	}
	return steps, nil
}

// watch runs the machine until the script is done.
func watch(c *cli.Context, h hardware, k *depthcharge.Kernel, dir string) error {
	steps, err := script(c)
	if err != nil {
		return err
	}
	options, err := consoleOptions(c)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(c.Context)
	defer end(nil)
	h.monitor = filepath.Join(dir, "qmp")
	cmd := h.command(ctx, k)
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w; install QEMU", err)
	}
	start := time.Now()
	process := fmt.Sprintf("/proc/%d", cmd.Process.Pid)
	go limit(ctx, c.Duration("timeout"), func() time.Duration { return waited(process) }, end)
	err = follow(ctx, steps, &running{Console: serial.New(output, options), keyboard: input}, h.monitor)
	end(nil)
	_ = cmd.Wait() // killed by us, or its reason is in the console's last lines
	if err != nil {
		return err
	}
	fmt.Fprintf(c.App.Writer, "reached after %.1f s\n", time.Since(start).Seconds())
	return nil
}

func follow(ctx context.Context, steps bootscript.Script, r *running, socket string) (err error) {
	r.Monitor, err = qmp.Dial(ctx, socket)
	if err != nil {
		return err
	}
	defer r.Close()
	defer r.Flush()
	return steps.Run(ctx, r)
}

// stoodStill is what Linux says where its timers do not come any more: the
// emulated machine has failed then, not what runs in it. nix/tests/run knows it.
const stoodStill = `rcu: \S+ kthread (timer wakeup didn't happen|starved)`

// failure matches what --fail gives, and a machine that stands still.
func failure(given string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(given); err != nil {
		return nil, command.Usage("--fail: %v", err)
	}
	return regexp.Compile("(?:" + given + ")|" + stoodStill)
}

func consoleOptions(c *cli.Context) (o serial.Options, err error) {
	if o.Fail, err = failure(c.String("fail")); err != nil {
		return o, err
	}
	start := time.Now()
	show := func(line string) { fmt.Fprintf(c.App.Writer, "%6.1f  %s\n", time.Since(start).Seconds(), line) }
	switch c.String("show") {
	case "all":
		o.Line = show
	case "condensed":
		o.Line = func(line string) {
			if worthShowing(line) {
				show(line)
			}
		}
	case "none":
	default:
		return o, command.Usage("--show %q: want all, condensed or none", c.String("show"))
	}
	return o, nil
}

// worthShowing picks the lines that tell a person how far the boot is: those
// of the shim, the bootloader and systemd's targets, and whatever went wrong.
// Command lines are left out, as they name much that could go wrong.
func worthShowing(line string) bool {
	telling := regexp.MustCompile(`^shim: |^shimboot: |^boot-report: |Linux version |\] Reached target|` +
		`(?i)welcome to|panic|failed|error|prohibited|freezing`)
	return telling.MatchString(line) && !regexp.MustCompile(`(?i)command line: `).MatchString(line)
}
