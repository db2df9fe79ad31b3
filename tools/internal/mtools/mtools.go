// Package mtools makes FAT file systems and puts files into them, in place in
// an image, with mkfs.fat of dosfstools and mmd, mcopy and mdel of mtools. The
// programs have to be on PATH.
//
//	v := &mtools.Volume{Image: "shimboot.img", Start: 1 << 20, Size: 1 << 20, Time: epoch}
//	err := v.Make(ctx, tree, "STATE")
//	err = v.Mkdir(ctx, "dev_image")
//	err = v.Put(ctx, "wifi-credentials.json", "wifi-credentials.json")
//
// Nothing of the machine's settings gets into what they write. What they would
// fail at, package fat refuses before.
package mtools

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/tree"
)

// Volume is a FAT file system inside an image, as the programs see it.
type Volume struct {
	Image       string    // file
	Start, Size int64     // bytes; Size is for Make alone
	Time        time.Time // of what has none of its own
}

// epoch is 1980, where a FAT's time begins, or the volume's time.
func (v *Volume) epoch() int64 {
	const start = 315532800
	return max(v.Time.Unix(), start)
}

// Make makes the file system and fills it with a tree.
func (v *Volume) Make(ctx context.Context, t tree.Tree, label string) error {
	// mkfs.fat does not choose FAT32 by itself where FAT16 is too small.
	err := v.run(ctx, "mkfs.fat", "--invariant", "-F", strconv.FormatInt(fat.Bits(v.Size), 10), "-s", "1", "-S", "512", "-n", label,
		"--offset", strconv.FormatInt(v.Start/512, 10), v.Image, strconv.FormatInt(v.Size/1024, 10))
	if err != nil {
		return err
	}
	return v.fill(ctx, t)
}

// fill brings the tree in by way of a directory beside the image: mtools take
// times and names from files.
func (v *Volume) fill(ctx context.Context, t tree.Tree) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(v.Image), ".fat-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, e := range t {
		if e.Path == "." {
			continue
		}
		if e.Mode.IsDir() {
			if err := v.Mkdir(ctx, e.Path); err != nil {
				return err
			}
			continue
		}
		file := filepath.Join(dir, "file")
		if err := spool(e, file, v.epoch()); err != nil {
			return err
		}
		if err := v.put(ctx, file, e.Path, "-m"); err != nil {
			return err
		}
	}
	return nil
}

func spool(e *tree.Entry, path string, epoch int64) error {
	r, err := e.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	when := time.Unix(max(e.ModTime.Unix(), epoch), 0)
	return errors.Join(err, f.Close(), os.Chtimes(path, when, when))
}

// Mkdir makes a directory, whose parent is there.
func (v *Volume) Mkdir(ctx context.Context, dir string) error {
	return v.run(ctx, "mmd", "-i", v.drive(), "::/"+dir)
}

// Put copies a file in; one of that name is replaced.
func (v *Volume) Put(ctx context.Context, file, name string) error { return v.put(ctx, file, name) }

// Delete takes a file away.
func (v *Volume) Delete(ctx context.Context, name string) error {
	return v.run(ctx, "mdel", "-i", v.drive(), "::/"+name)
}

// put gives mcopy an absolute path: it takes "a:b" for a file of drive A.
func (v *Volume) put(ctx context.Context, file, name string, flags ...string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	return v.run(ctx, "mcopy", append(flags, "-o", "-i", v.drive(), file, "::/"+name)...)
}

// drive is the image's file system in mtools' words.
func (v *Volume) drive() string { return fmt.Sprintf("%s@@%d", v.Image, v.Start) }

func (v *Volume) run(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = v.environ()
	// A terminal's ^C goes to all of a process group: it is for us to end it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	err := cmd.Run()
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	var missing *exec.Error
	if errors.As(err, &missing) {
		return fmt.Errorf("%s: %w; install dosfstools and mtools", name, missing.Err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(stderr.String()))
	}
	return nil
}

// environ is all that the programs get: mtools obey a variable for each of
// their settings, and read ~/.mtoolsrc even where MTOOLSRC names another file.
func (v *Volume) environ() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=/dev/null", "MTOOLSRC=/dev/null", "MTOOLS_SKIP_CHECK=1",
		"LC_ALL=C.UTF-8", "TZ=UTC", fmt.Sprintf("SOURCE_DATE_EPOCH=%d", v.epoch()),
	}
}
