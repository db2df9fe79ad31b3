package blockdev

import (
	"os"
	"path/filepath"
)

// addBelow collects what shares with a device what it stands on, step by step
// down to a file or a disk that stands on nothing.
func (s *stack) addBelow(name string) error {
	if b, ok := s.loops[name]; ok {
		return s.addBacking(name, b)
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(s.Sys, "class/block", name))
	if err != nil {
		return err
	}
	below, err := under(dir)
	if err != nil {
		return err
	}
	for _, d := range below {
		if err := s.addPartOf(filepath.Base(d)); err != nil {
			return err
		}
	}
	return nil
}

// under gives, as directories of /sys, what a device that is no loop device stands
// on: what it maps, or the disk that it is a partition of.
func under(dir string) ([]string, error) {
	on, err := filepath.Glob(filepath.Join(dir, "slaves", "*"))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, "partition")); err == nil {
		on = append(on, filepath.Dir(dir))
	}
	return on, nil
}

// addBacking goes down from a loop device, which may have any of what it
// stands on.
func (s *stack) addBacking(name string, b backing) error {
	if b.disk == "" {
		return s.addLoops(b, name)
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(s.Sys, "dev/block", b.disk))
	if os.IsNotExist(err) {
		return nil // it was pulled out
	}
	if err != nil {
		return err
	}
	below := filepath.Base(dir)
	if err := s.add(below); err != nil {
		return err
	}
	return s.addBelow(below)
}

// addPartOf goes down from a partition, a mapped device or a RAID. The other
// partitions and volumes of what it is on have parts of their own; mounts and
// loop devices of the whole have its part as well.
func (s *stack) addPartOf(name string) error {
	number, err := s.know(name)
	if err != nil {
		return err
	}
	if err := s.addLoops(backing{disk: number}, name); err != nil {
		return err
	}
	return s.addBelow(name)
}
