package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/powercut"
	"shimboot/tools/internal/seekable"
	"shimboot/tools/internal/writelog"
)

// rig has what states are made of, and looks at them.
type rig struct {
	log     *writelog.Log
	logFile *os.File
	base    string
	check   string
	dir     string // for all that is made
	tear    int64
	jobs    int
	keep    string // where a failing state goes, or empty
}

// finding is what the command said of a state.
type finding struct {
	text string
	err  error // of the command
}

func newRig(c *cli.Context) (*rig, error) {
	r := &rig{base: c.String("base"), check: c.String("check"), tear: c.Int64("tear"), jobs: c.Int("jobs"), keep: c.String("keep")}
	f, err := seekable.Open(c.String("log"))
	if err != nil {
		return nil, err
	}
	r.logFile = f
	size, err := seekable.Size(f)
	if err == nil {
		r.log, err = writelog.Open(f, size)
	}
	if err == nil && c.IsSet("flushes") {
		err = upTo(r.log, c.Int("flushes"))
	}
	if err == nil {
		r.dir, err = os.MkdirTemp("", "power-cut-")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), errors.Join(err, f.Close()))
	}
	return r, nil
}

// upTo forgets what comes behind a flush.
func upTo(log *writelog.Log, flush int) error {
	count := 0
	for i, e := range log.Entries {
		if e.Flags&writelog.Flush == 0 {
			continue
		}
		if count++; count == flush {
			log.Entries = log.Entries[:i+1]
			return nil
		}
	}
	return command.Usage("--flushes %d: there are %d flushes, from 1", flush, count)
}

func (r *rig) Close() error { return errors.Join(r.logFile.Close(), os.RemoveAll(r.dir)) }

// look has the command look at states, some at a time.
func (r *rig) look(ctx context.Context, states []powercut.State) ([]finding, error) {
	found := make([]finding, len(states))
	failed := make(chan error, r.jobs)
	share := (len(states) + r.jobs - 1) / r.jobs
	for job := range r.jobs {
		from, to := min(job*share, len(states)), min((job+1)*share, len(states))
		go func() { failed <- r.lookAt(ctx, job, states[from:to], found[from:to]) }()
	}
	var err error
	for range r.jobs {
		err = errors.Join(err, <-failed)
	}
	return found, err
}

// lookAt does one job's share, on a copy of the disk of its own.
func (r *rig) lookAt(ctx context.Context, job int, states []powercut.State, found []finding) (err error) {
	if len(states) == 0 {
		return nil
	}
	file := filepath.Join(r.dir, fmt.Sprintf("state-%d.img", job))
	if err := copyFile(ctx, r.base, file); err != nil {
		return err
	}
	disk, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, disk.Close(), os.Remove(file)) }()
	replay := powercut.NewReplay(r.log, disk, r.tear)
	for i, s := range states {
		err := replay.With(s, func() (err error) {
			found[i], err = r.ask(ctx, file)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ask runs the command. An error is that it could not be run.
func (r *rig) ask(ctx context.Context, file string) (f finding, err error) {
	dir, err := os.MkdirTemp(r.dir, "look-")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cmd := exec.CommandContext(ctx, "sh", "-c", r.check)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "STATE="+file)
	out, err := cmd.CombinedOutput()
	f.text = strings.TrimSpace(string(out))
	var status *exec.ExitError
	if ctx.Err() == nil && errors.As(err, &status) {
		f.err = status
		return f, r.keepFirst(ctx, file)
	}
	return f, errors.Join(ctx.Err(), err)
}

// keepFirst copies a state for a person to look at.
func (r *rig) keepFirst(ctx context.Context, file string) error {
	if r.keep == "" {
		return nil
	}
	if _, err := os.Lstat(r.keep); err == nil {
		return nil
	}
	return copyFile(ctx, file, r.keep)
}

// copyFile leaves holes where there are some: a disk is mostly that.
func copyFile(ctx context.Context, from, to string) error {
	out, err := exec.CommandContext(ctx, "cp", "--sparse=always", "--no-preserve=mode", from, to).CombinedOutput()
	if err != nil {
		return fmt.Errorf("cp: %w: %s", err, out)
	}
	return nil
}
