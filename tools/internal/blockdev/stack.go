package blockdev

import (
	"cmp"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// stack is block devices and what stands on them: partitions, and what holds
// one of them, such as LUKS, LVM, RAID and loop devices.
type stack struct {
	Host
	loops map[string]backing
	on    map[string]string // names, by number and by /dev path
	whole map[string]bool   // names of those whose partitions and holders are known
	held  []Use             // the top of the stack first
}

func (h Host) newStack() (*stack, error) {
	loops, err := h.loops()
	return &stack{Host: h, loops: loops, on: map[string]string{}, whole: map[string]bool{}}, err
}

// know remembers what a device is called, and gives its number.
func (s *stack) know(name string) (number string, err error) {
	a := attributes{dir: filepath.Join(s.Sys, "class/block", name)}
	number = a.text("dev")
	s.on[number], s.on["/dev/"+name] = name, name
	if mapped := a.text("dm/name"); mapped != "" {
		s.on["/dev/mapper/"+mapped] = name
	}
	return number, a.err
}

// add collects a device and what stands on it.
func (s *stack) add(name string) error {
	if s.whole[name] {
		return nil
	}
	s.whole[name] = true
	number, err := s.know(name)
	if err != nil {
		return err
	}
	dir, err := filepath.EvalSymlinks(filepath.Join(s.Sys, "class/block", name))
	if err != nil {
		return err
	}
	partitions, err := filepath.Glob(filepath.Join(dir, "*", "partition"))
	if err != nil {
		return err
	}
	for _, p := range partitions {
		if err := s.add(filepath.Base(filepath.Dir(p))); err != nil {
			return err
		}
	}
	holders, err := filepath.Glob(filepath.Join(dir, "holders", "*"))
	if err != nil {
		return err
	}
	for _, above := range holders {
		if err := s.hold(name, filepath.Base(above)); err != nil {
			return err
		}
	}
	return s.addLoops(backing{disk: number}, name)
}

// addLoops collects the loop devices that stand on what is called on.
func (s *stack) addLoops(b backing, on string) error {
	for _, name := range slices.Sorted(maps.Keys(s.loops)) {
		if s.loops[name] == b {
			if err := s.hold(on, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// hold collects a device that holds another, after what stands on it. That it
// is there is a use of what it holds, unless it is where the stack begins.
func (s *stack) hold(held, name string) error {
	a := attributes{dir: filepath.Join(s.Sys, "class/block", name)}
	if s.on["/dev/"+name] != "" {
		return nil
	}
	if err := s.add(name); err != nil {
		return err
	}
	u := Use{On: held, As: "/dev/" + name}
	mapped := a.text("dm/name")
	switch id := a.text("dm/uuid"); {
	case s.loops[name] != backing{}:
		u.Release = "losetup -d " + u.As
	case mapped != "":
		u.As = "/dev/mapper/" + mapped
		u.Release = "dmsetup remove " + mapped
		if strings.HasPrefix(id, "CRYPT-") {
			u.Release = "cryptsetup close " + mapped
		} else if strings.HasPrefix(id, "LVM-") {
			u.Release = "lvchange -an " + u.As
		}
	case cmp.Or(a.text("md/level"), a.text("md/array_state")) != "":
		u.Release = "mdadm --stop " + u.As
	default:
		u.Release = "see lsblk " + u.As
	}
	s.held = append(s.held, u)
	return a.err
}
