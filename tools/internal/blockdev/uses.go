package blockdev

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// uses lists what is mounted or swapped to on a disk: by device numbers, and
// by names too, as Btrfs mounts have numbers of their own.
func (h Host) uses(disk string) ([]Use, error) {
	on := map[string]string{} // by number, and by /dev path
	if err := h.stack(disk, on); err != nil {
		return nil, err
	}
	mounts, err := os.ReadFile(filepath.Join(h.Proc, "self/mountinfo"))
	if err != nil {
		return nil, err
	}
	var uses []Use
	for line := range strings.Lines(string(mounts)) {
		before, after, _ := strings.Cut(line, " - ")
		f, g := strings.Fields(before), strings.Fields(after)
		if len(f) < 5 || len(g) < 2 {
			return nil, fmt.Errorf("%s/self/mountinfo: cannot make sense of %q", h.Proc, line)
		}
		if name, ok := on[f[2]]; ok {
			uses = append(uses, Use{name, unescape(f[4])})
		} else if name, ok := on[unescape(g[1])]; ok {
			uses = append(uses, Use{name, unescape(f[4])})
		}
	}
	swaps, err := os.ReadFile(filepath.Join(h.Proc, "swaps"))
	if err != nil && !os.IsNotExist(err) { // there is none without swap in the kernel
		return nil, err
	}
	for line := range strings.Lines(string(swaps)) {
		if f := strings.Fields(line); len(f) > 0 && on[unescape(f[0])] != "" {
			uses = append(uses, Use{on[unescape(f[0])], "swap"})
		}
	}
	return uses, nil
}

// stack collects a block device, its partitions, and what holds one of them:
// LUKS, LVM, RAID.
func (h Host) stack(name string, on map[string]string) error {
	dir, err := filepath.EvalSymlinks(filepath.Join(h.Sys, "class/block", name))
	if err != nil {
		return err
	}
	a := attributes{dir: dir}
	number := a.text("dev")
	if on[number] != "" {
		return nil
	}
	on[number], on["/dev/"+name] = name, name
	if mapped := a.text("dm/name"); mapped != "" {
		on["/dev/mapper/"+mapped] = name
	}
	holders, err := filepath.Glob(filepath.Join(dir, "holders", "*"))
	if err != nil {
		return err
	}
	partitions, err := filepath.Glob(filepath.Join(dir, "*", "partition"))
	if err != nil {
		return err
	}
	for _, p := range partitions {
		holders = append(holders, filepath.Dir(p))
	}
	for _, above := range holders {
		if err := h.stack(filepath.Base(above), on); err != nil {
			return err
		}
	}
	return a.err
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
