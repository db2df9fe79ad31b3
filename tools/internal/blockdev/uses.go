package blockdev

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// uses lists what is mounted or swapped to on a disk, and what is stacked on it.
func (h Host) uses(disk string) ([]Use, error) {
	s, err := h.newStack()
	if err != nil {
		return nil, err
	}
	if err := s.add(disk); err != nil {
		return nil, err
	}
	if err := s.addBelow(disk); err != nil {
		return nil, err
	}
	return s.uses(func(string) bool { return false }, "")
}

// uses lists mounts and swap space, then what else holds something, in the
// order in which they are to be released. By isFile it knows the name of a file
// to swap to, which is its own.
func (s *stack) uses(isFile func(path string) bool, file string) ([]Use, error) {
	uses, err := s.mounts()
	if err != nil {
		return nil, err
	}
	swaps, err := os.ReadFile(filepath.Join(s.Proc, "swaps"))
	if err != nil && !os.IsNotExist(err) { // there is none without swap in the kernel
		return nil, err
	}
	for line := range strings.Lines(string(swaps)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		path := unescape(f[0])
		on := s.on[path]
		if f[1] == "file" && isFile(path) {
			on = file
		}
		if on != "" {
			uses = append(uses, Use{on, "swap", "swapoff " + path})
		}
	}
	return append(uses, s.held...), nil
}

// mounts goes by device numbers, and by names too, as Btrfs mounts have numbers
// of their own.
func (s *stack) mounts() ([]Use, error) {
	mounts, err := os.ReadFile(filepath.Join(s.Proc, "self/mountinfo"))
	if err != nil {
		return nil, err
	}
	var uses []Use
	for line := range strings.Lines(string(mounts)) {
		before, after, _ := strings.Cut(line, " - ")
		f, g := strings.Fields(before), strings.Fields(after)
		if len(f) < 5 || len(g) < 2 {
			return nil, fmt.Errorf("%s/self/mountinfo: cannot make sense of %q", s.Proc, line)
		}
		on := s.on[f[2]]
		if on == "" {
			on = s.on[unescape(g[1])]
		}
		if on != "" {
			uses = append(uses, Use{on, unescape(f[4]), "umount " + unescape(f[4])})
		}
	}
	return uses, nil
}

// unescape undoes \040 and the like.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+4 <= len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
