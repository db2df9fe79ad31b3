package harvest

import (
	"path"
	"path/filepath"
	"strings"
)

// CheckGlob tells whether a pattern of Options.Keep is one: path.Match for each
// component, "**" for any number of them. One that matches a directory keeps
// all that is in it.
func CheckGlob(pattern string) error {
	if !localName(pattern) {
		return path.ErrBadPattern
	}
	for part := range strings.SplitSeq(pattern, "/") {
		if _, err := path.Match(part, ""); err != nil {
			return err
		}
	}
	return nil
}

// matchGlob matches a clean path.
func matchGlob(pattern, name string) bool {
	return matchParts(strings.Split(path.Clean(pattern), "/"), strings.Split(name, "/"))
}

func matchParts(pattern, name []string) bool {
	for len(pattern) > 0 {
		if pattern[0] == "**" {
			for i := range len(name) + 1 {
				if matchParts(pattern[1:], name[i:]) {
					return true
				}
			}
			return false
		}
		if len(name) == 0 {
			return false
		}
		if ok, err := path.Match(pattern[0], name[0]); err != nil || !ok {
			return false
		}
		pattern, name = pattern[1:], name[1:]
	}
	return len(name) == 0
}

// literal is what all that a pattern matches starts with.
func literal(pattern string) string {
	if i := strings.IndexAny(pattern, `*?[\`); i >= 0 {
		return pattern[:i]
	}
	return pattern
}

// hasMeta tells whether a name that a module asks for is a pattern.
func hasMeta(name string) bool { return strings.ContainsAny(name, "*?[") }

// localName tells whether a name stays below the directory it is taken in.
func localName(name string) bool {
	return filepath.IsLocal(name) && path.Clean(name) != "." && !strings.Contains(name, "\x00")
}
