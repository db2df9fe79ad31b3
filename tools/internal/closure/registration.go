package closure

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/seekable"
)

// Registration reads what `nix-store --load-db` would, and gives the paths it
// makes known. For each it has a line with the path, its hash, its size as a
// NAR, what it was derived from, which may be empty, and the number of the
// lines with references that follow. (Nix: decodeValidPathInfo in
// src/libstore; nixpkgs: build-support/closure-info.nix writes it.)
//
// Every reference has to be among the paths: Nix refuses the others, and the
// first boot would end there.
func Registration(file string) (map[string]bool, error) {
	f, err := seekable.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &registration{file: file, in: bufio.NewReader(f), known: map[string]bool{}, wanted: map[string]string{}}
	for {
		err := r.path()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	for reference, from := range r.wanted {
		if !r.known[reference] {
			return nil, badinput.New("%s", file).Got("no entry for %s, which %s refers to", reference, from).Want("a whole closure")
		}
	}
	return r.known, nil
}

type registration struct {
	file   string
	in     *bufio.Reader
	at     int64 // where the line begins that is to be read
	known  map[string]bool
	wanted map[string]string // references, and one path that has each
}

const maxLine = 4096

// line gives the next line; io.EOF only where none begins.
func (r *registration) line(want string) (string, int64, error) {
	at := r.at
	text, err := r.in.ReadString('\n')
	r.at += int64(len(text))
	if err != nil && (text != "" || !errors.Is(err, io.EOF)) || len(text) > maxLine {
		if errors.Is(err, io.EOF) || err == nil {
			err = r.bad(at, text, want)
		}
		return "", at, err
	}
	return strings.TrimSuffix(text, "\n"), at, err
}

func (r *registration) bad(at int64, found, want string) error {
	return badinput.New("%s", r.file).At(at).Got("%.100q", found).Want("%s", want)
}

// path reads what belongs to one path.
func (r *registration) path() error {
	path, at, err := r.line("a store path")
	if err != nil {
		return err
	}
	if !isStorePath(path) {
		return r.bad(at, path, "a store path")
	}
	r.known[path] = true
	var lines [4]string // hash, size, deriver, number of references
	for i := range lines {
		if lines[i], at, err = r.line("a line of " + path); err != nil {
			return r.whole(err)
		}
	}
	if _, err := strconv.ParseUint(lines[1], 10, 63); err != nil || lines[0] == "" {
		return r.bad(at, lines[0]+" "+lines[1], "the hash and the size of "+path)
	}
	n, err := strconv.ParseUint(lines[3], 10, 31)
	if err != nil {
		return r.bad(at, lines[3], "the number of references of "+path)
	}
	for range n {
		reference, at, err := r.line("a reference of " + path)
		if err != nil {
			return r.whole(err)
		}
		if !isStorePath(reference) {
			return r.bad(at, reference, "a reference of "+path)
		}
		r.wanted[reference] = path
	}
	return nil
}

// whole is for the end of the file in the middle of a path.
func (r *registration) whole(err error) error {
	if errors.Is(err, io.EOF) {
		return r.bad(r.at, "", "more lines")
	}
	return err
}

// isStorePath tells whether it is a path of the store itself.
func isStorePath(p string) bool {
	name, ok := strings.CutPrefix(p, storeDir)
	return ok && name != "" && !strings.Contains(name, "/")
}
