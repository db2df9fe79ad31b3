package harvest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/harvest/report"
)

// Bounds on what an image may make us do.
const (
	maxLinks = 40          // in one path, as in Linux
	maxSteps = 1 << 18     // links that are followed in one image: twice the names it may have
	maxDepth = 40          // of directories
	maxNodes = 1 << 17     // names below one directory
	maxFile  = 1 << 30     // bytes of a file, decompressed
	maxBlob  = 256 << 20   // of firmware: what GPUs are given, the largest there is, has less than 100 MiB
	maxText  = 16 << 20    // bytes of a file that is read at once
	devNull  = "/dev/null" // a link there stands for an empty file
)

var errLinkLoop = errors.New("too many levels of symbolic links")

// root is a root file system, read by paths without links in them only.
// Links are followed here, so that it is known what was read in the end, and
// so that no kind of fs.FS can lead out of the image.
type root struct {
	origin report.Origin
	fsys   fs.ReadLinkFS
	label  string // for messages, such as a file and a partition
	steps  int    // links that were followed, in all
}

// newRoot is for a run that ends with ctx.
func newRoot(ctx context.Context, origin report.Origin, fsys fs.ReadLinkFS, label string) *root {
	return &root{origin: origin, fsys: &until{ctx, fsys}, label: cmp.Or(label, string(origin))}
}

// realpath follows the links in name, within the image.
func (r *root) realpath(name string) (string, fs.FileInfo, error) {
	todo := strings.Split(name, "/")
	cur, links := ".", 0
	for len(todo) > 0 {
		part := todo[0]
		todo = todo[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			cur = path.Dir(cur)
			continue
		}
		next := path.Join(cur, part)
		info, err := r.fsys.Lstat(next)
		if err != nil {
			return "", nil, r.wrap(err)
		}
		switch {
		case info.Mode().Type() == fs.ModeSymlink:
			links++
			target, err := r.step(next, name, links)
			if err != nil {
				return "", nil, err
			}
			if strings.HasPrefix(target, "/") {
				cur = "."
			}
			todo = append(strings.Split(target, "/"), todo...)
		case !info.IsDir() && len(todo) > 0:
			return "", nil, r.wrap(&fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist})
		default:
			cur = next
		}
	}
	info, err := r.fsys.Lstat(cur)
	return cur, info, r.wrap(err)
}

// step reads a link, which is so far down the path of name.
func (r *root) step(link, name string, links int) (target string, err error) {
	if links > maxLinks {
		return "", r.wrap(&fs.PathError{Op: "open", Path: name, Err: errLinkLoop})
	}
	if r.steps++; r.steps > maxSteps {
		return "", badinput.New("%s", r.name(name)).Got("links that lead to links: more than %d to be followed", maxSteps).
			Want("at most that")
	}
	target, err = r.fsys.ReadLink(link)
	return target, r.wrap(err)
}

// file is realpath for an entry of a directory given by its real path.
func (r *root) file(name string, e fs.DirEntry) (string, fs.FileInfo, error) {
	if e.Type() == fs.ModeSymlink {
		return r.realpath(name)
	}
	info, err := e.Info()
	return name, info, r.wrap(err)
}

// dangles tells the errors of a link that leads nowhere from those of a bad
// image.
func dangles(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, errLinkLoop)
}

// readDir lists a directory given by its real path.
func (r *root) readDir(dir string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(r.fsys, dir)
	if err != nil {
		return nil, r.wrap(err)
	}
	for _, e := range list {
		if n := e.Name(); n == "" || n == "." || n == ".." || strings.ContainsAny(n, "/\x00") {
			return nil, badinput.New("%s", r.name(dir)).Got("an entry named %q", n).Want("a file name")
		}
	}
	return list, nil
}

// readText reads a small file, given by its real path.
func (r *root) readText(name string) ([]byte, error) {
	f, err := r.fsys.Open(name)
	if err != nil {
		return nil, r.wrap(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err != nil {
		return nil, r.wrap(err)
	}
	if len(data) > maxText {
		return nil, badinput.New("%s", r.name(name)).Got("more than %d bytes", maxText).Want("a list of modules or options")
	}
	return data, nil
}

// head reads the first bytes of a file, as many as compress.Detect wants.
func (r *root) head(name string) ([]byte, error) {
	f, err := r.fsys.Open(name)
	if err != nil {
		return nil, r.wrap(err)
	}
	defer f.Close()
	buf := make([]byte, compress.HeadSize)
	n, err := io.ReadFull(f, buf)
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return buf[:n], r.wrap(err)
}

// skipped is a file that is no part of a driver.
func (r *root) skipped(path, reason string) report.Skipped {
	return report.Skipped{Source: "/" + path, Origin: r.origin, Reason: reason}
}

// name is a path as messages have it.
func (r *root) name(p string) string { return fmt.Sprintf("%s: /%s", r.label, p) }

func (r *root) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", r.label, err)
}
