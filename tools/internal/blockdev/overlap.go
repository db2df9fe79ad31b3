package blockdev

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Overlap says whether what is written to the file or device b is read from a as
// well: they are one, or one stands on the other, as a loop device does on its
// file, a partition on its disk, and a mapping on what it maps.
func (h Host) Overlap(a, b string) (bool, error) {
	loops, err := h.loops()
	if err != nil {
		return false, err
	}
	var tops []backing
	var below []map[backing]bool
	for _, path := range []string{a, b} {
		var st unix.Stat_t
		if err := unix.Stat(path, &st); err != nil {
			return false, &os.PathError{Op: "stat", Path: path, Err: err}
		}
		top := backingOf(st.Dev, st.Ino, st.Rdev, st.Mode&unix.S_IFMT == unix.S_IFBLK)
		set := map[backing]bool{}
		if err := h.below(top, loops, set); err != nil {
			return false, err
		}
		tops, below = append(tops, top), append(below, set)
	}
	return below[0][tops[1]] || below[1][tops[0]], nil
}

// below adds a file or a device, and all that it stands on.
func (h Host) below(b backing, loops map[string]backing, found map[backing]bool) error {
	if found[b] {
		return nil
	}
	found[b] = true
	if b.disk == "" {
		return nil
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(h.Sys, "dev/block", b.disk))
	if os.IsNotExist(err) {
		return nil // it was pulled out
	}
	if err != nil {
		return err
	}
	if file, ok := loops[filepath.Base(dir)]; ok {
		return h.below(file, loops, found)
	}
	on, err := under(dir)
	if err != nil {
		return err
	}
	for _, d := range on {
		a := attributes{dir: d}
		if err := h.below(backing{disk: a.text("dev")}, loops, found); err != nil {
			return err
		}
		if a.err != nil {
			return a.err
		}
	}
	return nil
}
