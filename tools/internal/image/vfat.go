package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
)

// vfat makes a FAT with mkfs.fat and mtools, in place in the image; the
// programs have to be on PATH. It is for small partitions with few files: 12
// bit entries in 1 MiB, as a FAT32 of so few clusters would break the format's
// rules (and mtools refuses it).
func (p *Plan) vfat(fsys *Filesystem) (*payload, error) {
	t, err := p.sources.tree(fsys.Sources)
	if err != nil {
		return nil, err
	}
	for _, e := range t {
		if !e.Mode.IsDir() && (!e.Mode.IsRegular() || e.IsHardlink()) {
			return nil, badinput.New("%s", e.Path).Got("a %v", e.Mode.Type()).Want("files and directories, all that a FAT holds")
		}
	}
	c := &payload{kind: "vfat", least: fatOverhead, bytes: fileBytes(t)}
	c.least += c.bytes + int64(len(t))*fatCluster
	c.place = func(start, size int64) (int64, error) {
		c.write = func(ctx context.Context, f *os.File) error {
			v := &fat{ctx: ctx, image: f.Name(), start: start, size: size}
			return v.make(t, fsys.Label, p.sources.time.Unix())
		}
		return size - c.least, nil
	}
	return c, nil
}

// Room for the boot sector, two tables and the root directory.
const (
	fatCluster  = 512
	fatOverhead = 64 * 512
)

// fatEpoch is 1980, where a FAT's time begins.
const fatEpoch = 315532800

// fat is a FAT file system inside an image.
type fat struct {
	ctx         context.Context
	image       string
	start, size int64
	epoch       int64
}

func (v *fat) make(t tree.Tree, label string, epoch int64) error {
	v.epoch = max(epoch, fatEpoch)
	err := v.run(nil, "mkfs.fat", "--invariant", "-s", "1", "-S", "512", "-n", label,
		"--offset", strconv.FormatInt(v.start/512, 10), v.image, strconv.FormatInt(v.size/1024, 10))
	if err != nil {
		return err
	}
	return v.copy(t)
}

// copy brings the tree in by way of a directory beside the image: mtools
// take times and names from files.
func (v *fat) copy(t tree.Tree) (err error) {
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
			if err := v.run(nil, "mmd", "-i", v.drive(), "::/"+e.Path); err != nil {
				return err
			}
			continue
		}
		file := filepath.Join(dir, "file")
		if err := spool(e, file, v.epoch); err != nil {
			return err
		}
		if err := v.run(nil, "mcopy", "-m", "-o", "-i", v.drive(), file, "::/"+e.Path); err != nil {
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

// drive is the image's file system in mtools' words.
func (v *fat) drive() string { return fmt.Sprintf("%s@@%d", v.image, v.start) }

func (v *fat) run(stdout io.Writer, name string, args ...string) error {
	cmd := exec.CommandContext(v.ctx, name, args...)
	cmd.Env = append(os.Environ(), "TZ=UTC", "MTOOLS_SKIP_CHECK=1", fmt.Sprintf("SOURCE_DATE_EPOCH=%d", v.epoch))
	var stderr strings.Builder
	cmd.Stdout, cmd.Stderr = stdout, &stderr
	err := cmd.Run()
	var missing *exec.Error
	if errors.As(err, &missing) {
		return fmt.Errorf("%s: %w; install dosfstools and mtools", name, missing.Err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(stderr.String()))
	}
	return nil
}

// Put copies a file into the FAT that starts at start in the image or device,
// under name; a file of that name is replaced.
func Put(ctx context.Context, image string, start int64, file, name string) error {
	if !fs.ValidPath(name) {
		return badinput.New("name").Got("%q", name).Want("a path inside the partition")
	}
	v := &fat{ctx: ctx, image: image, start: start}
	return v.run(nil, "mcopy", "-o", "-i", v.drive(), file, "::/"+name)
}
