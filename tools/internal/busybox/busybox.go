// Package busybox tells which applets a busybox program has, without running
// it: it may be for another machine, and it is not ours to trust.
//
//	version, applets := busybox.Applets(program)
//	found, err := busybox.Find(entries) // of an initramfs
//
// Busybox keeps its applets' names, sorted as strcmp does, as one string
// "[\0[[\0acpid\0…zcat\0\0" (applet_names in its include/applet_tables.h,
// which applets/applet_tables.c makes). Nothing points at its start in a
// stripped program, so that end is known by names that busybox is known to
// have; the other is marked by the empty name.
package busybox

import (
	"bytes"
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// The names that any version up to 1.37 may have, for recognising a table. A
// table may hold others.
//
//go:embed applets.txt
var appletsTxt string

var known = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(appletsTxt) {
		m[name] = true
	}
	return m
})

const (
	banner = "BusyBox v"

	// leastKnown names make a table: fewer are in order by chance.
	leastKnown = 3
	// maxNames bounds a table; busybox has some 400.
	maxNames  = 2000
	maxName   = 32
	maxBanner = 100
)

// Applets gives the version, as in "1.35.0 (Debian …)", and the applets of a
// program, sorted. A program that is no busybox has neither; one whose names
// were not found has only a version.
func Applets(program []byte) (version string, applets []string) {
	version = versionOf(program)
	if version == "" {
		return "", nil
	}
	best := 0
	for names := range tables(program) {
		if n := countKnown(names); n >= leastKnown && n > best {
			best, applets = n, names
		}
	}
	return version, applets
}

// versionOf finds the banner: a printable string of its own.
func versionOf(d []byte) string {
	for {
		i := bytes.Index(d, []byte(banner))
		if i < 0 {
			return ""
		}
		d = d[i+len(banner):]
		end := bytes.IndexAny(d[:min(len(d), maxBanner)], "\x00\n")
		if end <= 0 || d[0] < '0' || d[0] > '9' {
			continue
		}
		printable := func(r rune) bool { return r >= ' ' && r <= '~' }
		if v := string(d[:end]); strings.IndexFunc(v, func(r rune) bool { return !printable(r) }) < 0 {
			return v
		}
	}
}

// tables gives every list of names that are sorted, end with an empty one and
// start with a known one.
func tables(d []byte) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		var run []string
		var before []byte // the string that the next one follows
		for {
			end := bytes.IndexByte(d, 0)
			if end < 0 {
				return
			}
			name := d[:end]
			d = d[end+1:]
			if end == 0 {
				if len(run) >= leastKnown && !yield(run) {
					return
				}
				run, before = nil, nil
				continue
			}
			run = extend(run, before, name)
			before = name
		}
	}
}

// extend adds a name to the run that it continues, or to the one that begins
// with the string before it. Most strings of a program are no names at all.
func extend(run []string, before, name []byte) []string {
	if len(before) == 0 || !valid(name) || len(run) >= maxNames {
		return nil
	}
	if len(run) == 0 {
		if first := start(before); first != "" {
			run = []string{first}
		}
	}
	if len(run) > 0 && run[len(run)-1] < string(name) {
		return append(run, string(name))
	}
	return nil
}

// start is the known name at the end of a string: what stands before the table
// need not end with a NUL.
func start(s []byte) string {
	s = s[max(0, len(s)-maxName):]
	for i := range s {
		if known()[string(s[i:])] {
			return string(s[i:])
		}
	}
	return ""
}

func valid(name []byte) bool {
	if len(name) > maxName {
		return false
	}
	return !slices.ContainsFunc(name, func(c byte) bool {
		alnum := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		return !alnum && !strings.ContainsRune("[-_.+", rune(c))
	})
}

func countKnown(names []string) int {
	n := 0
	for _, name := range names {
		if known()[name] {
			n++
		}
	}
	return n
}
