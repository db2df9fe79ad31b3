package image

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

	"shimboot/tools/internal/tree"
)

// fatEpoch is 1980, where a FAT's time begins.
const fatEpoch = 315532800

// mtools is a FAT file system inside an image, as the programs see it.
type mtools struct {
	ctx         context.Context
	image       string
	start, size int64
	epoch       int64
}

func (v *mtools) make(t tree.Tree, label string, epoch int64) error {
	v.epoch = max(epoch, fatEpoch)
	// mkfs.fat does not choose FAT32 by itself where FAT16 is too small.
	err := v.run("mkfs.fat", "--invariant", "-F", strconv.FormatInt(fatBits(v.size), 10), "-s", "1", "-S", "512", "-n", label,
		"--offset", strconv.FormatInt(v.start/512, 10), v.image, strconv.FormatInt(v.size/1024, 10))
	if err != nil {
		return err
	}
	return v.copy(t)
}

// copy brings the tree in by way of a directory beside the image: mtools
// take times and names from files.
func (v *mtools) copy(t tree.Tree) (err error) {
	dir, err := os.MkdirTemp(filepath.Dir(v.image), ".fat-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, e := range t {
		if e.Path == "." {
			continue
		}
		if e.Mode.IsDir() {
			if err := v.run("mmd", "-i", v.drive(), "::/"+e.Path); err != nil {
				return err
			}
			continue
		}
		file := filepath.Join(dir, "file")
		if err := spool(e, file, v.epoch); err != nil {
			return err
		}
		if err := v.put(file, e.Path, "-m"); err != nil {
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

// put copies a file in. The file's path has to be absolute: mcopy takes "a:b"
// for a file of drive A.
func (v *mtools) put(file, name string, flags ...string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	return v.run("mcopy", append(flags, "-o", "-i", v.drive(), file, "::/"+name)...)
}

// drive is the image's file system in mtools' words.
func (v *mtools) drive() string { return fmt.Sprintf("%s@@%d", v.image, v.start) }

func (v *mtools) run(name string, args ...string) error {
	cmd := exec.CommandContext(v.ctx, name, args...)
	cmd.Env = v.environ()
	// A terminal's ^C goes to all of a process group: it is for us to end it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	err := cmd.Run()
	if ended := v.ctx.Err(); ended != nil {
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
func (v *mtools) environ() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=/dev/null", "MTOOLSRC=/dev/null", "MTOOLS_SKIP_CHECK=1",
		"LC_ALL=C.UTF-8", "TZ=UTC", fmt.Sprintf("SOURCE_DATE_EPOCH=%d", max(v.epoch, fatEpoch)),
	}
}
