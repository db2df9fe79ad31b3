package blockdev

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// machine is a made-up /sys and /proc.
type machine struct {
	t *testing.T
	Host
}

func newMachine(t *testing.T) *machine {
	dir := t.TempDir()
	m := &machine{t, Host{filepath.Join(dir, "sys"), filepath.Join(dir, "proc"), filepath.Join(dir, "dev")}}
	m.file(m.Proc, "self/mountinfo", "22 1 253:0 / / rw - ext4 /dev/dm-0 rw\n")
	m.file(m.Proc, "swaps", "Filename Type Size Used Priority\n")
	return m
}

func (m *machine) file(dir, name, text string) {
	m.t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// add makes a block device at a path of /sys/devices; files are "name=text".
func (m *machine) add(path, number string, files ...string) {
	m.t.Helper()
	dir := filepath.Join(m.Sys, "devices", path)
	name := filepath.Base(path)
	m.file(dir, "dev", number+"\n")
	for _, f := range files {
		file, text, _ := strings.Cut(f, "=")
		m.file(dir, file, text+"\n")
	}
	links := []string{"class/block/" + name, "dev/block/" + number}
	if _, err := os.Stat(filepath.Join(dir, "partition")); err != nil {
		links = append(links, "block/"+name)
	}
	for _, l := range links {
		link := filepath.Join(m.Sys, l)
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			m.t.Fatal(err)
		}
		if err := os.Symlink(dir, link); err != nil {
			m.t.Fatal(err)
		}
	}
}

// laptop has its system on LUKS on NVMe, an eMMC, and all sorts plugged in.
func laptop(t *testing.T) *machine {
	m := newMachine(t)
	m.add("pci/nvme0/nvme0n1", "259:0", "size=1000000", "removable=0", "device/model=Fast Disk")
	m.add("pci/nvme0/nvme0n1/nvme0n1p1", "259:1", "partition=1")
	m.add("pci/nvme0/nvme0n1/nvme0n1p2", "259:2", "partition=2", "holders/dm-0=")
	m.add("virtual/dm-0", "253:0", "size=900000", "dm/name=root")
	m.add("pci/mmc0/mmcblk0", "179:0", "size=60000", "removable=0", "device/type=MMC", "device/name=DA4064")
	m.add("pci/mmc1/mmcblk1", "179:8", "size=60000", "removable=0", "device/type=SD", "device/name=SR64G")
	m.add("pci/usb1/1-2/sdb", "8:16", "size=30000000", "removable=1", "device/vendor=SanDisk ", "device/model=Ultra")
	m.add("pci/usb1/1-2/sdb/sdb1", "8:17", "partition=1")
	m.add("pci/usb1/1-3/sdc", "8:32", "size=0", "removable=1", "device/model=Card Reader")
	m.add("pci/usb1/1-4/sdd", "8:48", "size=500", "removable=0", "device/model=USB SSD", "queue/logical_block_size=4096")
	m.add("pci/ata1/sr0", "11:0", "size=1400000", "removable=1")
	m.add("virtual/loop0", "7:0", "size=100", "removable=0")
	return m
}

func TestListsWhatCanBePulledOut(t *testing.T) {
	found, err := laptop(t).Removable()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range found {
		got = append(got, strings.Join([]string{d.Path(), d.Model, d.Transport}, " "))
	}
	want := "/dev/mmcblk1 SR64G sd|/dev/sdb SanDisk Ultra usb|/dev/sdd USB SSD usb"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("%s\nwant %s", s, want)
	}
	if found[1].Size != 30000000*512 {
		t.Errorf("%d bytes", found[1].Size)
	}
}

// What must not be overwritten, and why.
func TestCheck(t *testing.T) {
	mount := func(line string) func(*machine) {
		return func(m *machine) { m.file(m.Proc, "self/mountinfo", line+"\n") }
	}
	for name, test := range map[string]struct {
		number, again, want string // want "" where it is taken
		change              func(*machine)
	}{
		"a stick":               {number: "8:16"},
		"a card":                {number: "179:8"},
		"a partition":           {number: "8:17", want: "did you mean /dev/sdb?"},
		"no medium":             {number: "8:32", want: "no medium"},
		"sectors of 4096":       {number: "8:48", want: "sectors of 4096 bytes"},
		"eMMC":                  {number: "179:0", want: "built in"},
		"eMMC, another's name":  {number: "179:0", again: "sdb", want: "built in"},
		"eMMC, its name":        {number: "179:0", again: "mmcblk0"},
		"eMMC, its path":        {number: "179:0", again: "/dev/mmcblk0"},
		"the system's disk":     {number: "259:0", again: "nvme0n1", want: "the disk of the running system: dm-0 is /"},
		"what the system is on": {number: "253:0", again: "dm-0", want: "the disk of the running system"},
		"mounted": {number: "8:16", want: "sdb1 in use as /media/my stick",
			change: mount(`30 1 8:17 / /media/my\040stick rw - vfat /dev/sdb1 rw`)},
		"Btrfs": {number: "8:16", want: "sdb1 in use as /mnt",
			change: mount(`30 1 0:40 /@home /mnt rw shared:1 - btrfs /dev/sdb1 rw`)},
		"mapped by name": {number: "259:0", again: "nvme0n1", want: "running system: dm-0 is /home",
			change: mount(`30 1 0:40 / /home rw - btrfs /dev/mapper/root rw`)},
		"swap": {number: "8:16", want: "running system: sdb1 is swap",
			change: func(m *machine) { m.file(m.Proc, "swaps", "Filename Type\n/dev/sdb1 partition 1 0 -2\n") }},
		"open, not mounted": {number: "8:16", want: "found sdb1 in use as /dev/mapper/luks-1, want a disk that is not in use; if it is the right one: cryptsetup close luks-1",
			change: func(m *machine) {
				m.file(m.Sys, "devices/pci/usb1/1-2/sdb/sdb1/holders/dm-7", "")
				m.add("virtual/dm-7", "253:7", "dm/name=luks-1", "dm/uuid=CRYPT-LUKS2-1")
			}},
		"LVM": {number: "8:16", want: "lvchange -an /dev/mapper/vg-home",
			change: func(m *machine) {
				m.file(m.Sys, "devices/pci/usb1/1-2/sdb/sdb1/holders/dm-7", "")
				m.add("virtual/dm-7", "253:7", "dm/name=vg-home", "dm/uuid=LVM-1")
			}},
		"RAID of the whole disk, LUKS on it": {number: "8:16", want: "in use as /dev/mapper/x, want a disk that is not in use; if it is the right one: dmsetup remove x; mdadm --stop /dev/md0",
			change: func(m *machine) {
				m.file(m.Sys, "devices/pci/usb1/1-2/sdb/holders/md0", "")
				m.add("virtual/md0", "9:0", "md/level=raid1", "holders/dm-7=")
				m.add("virtual/dm-7", "253:7", "dm/name=x")
			}},
		"mapped from a partition of a file that is mounted elsewhere": {number: "253:7", again: "dm-7", want: "loop9 in use as /mnt",
			change: func(m *machine) {
				m.file(m.Dev, "image", "")
				image := "loop/backing_file=" + filepath.Join(m.Dev, "image")
				m.add("virtual/loop8", "7:8", "size=100", image)
				m.add("virtual/loop8/loop8p1", "259:9", "partition=1", "holders/dm-7=")
				m.add("virtual/loop9", "7:9", "size=100", image)
				m.add("virtual/dm-7", "253:7", "size=90", "dm/name=part", "slaves/loop8p1=")
				mount(`30 1 7:9 / /mnt rw - ext4 /dev/loop9 rw`)(m)
			}},
		"a volume beside one that is mounted": {number: "253:7", again: "dm-7",
			change: func(m *machine) {
				m.file(m.Sys, "devices/pci/nvme0/nvme0n1/nvme0n1p2/holders/dm-7", "")
				m.add("virtual/dm-7", "253:7", "size=90", "dm/name=vg-spare", "dm/uuid=LVM-1", "slaves/nvme0n1p2=")
			}},
		"what else there may be": {number: "8:16", want: "see lsblk /dev/bcache0",
			change: func(m *machine) {
				m.file(m.Sys, "devices/pci/usb1/1-2/sdb/sdb1/holders/bcache0", "")
				m.add("virtual/bcache0", "252:0")
			}},
		"locked": {number: "8:16", want: "cannot be written to",
			change: func(m *machine) { m.file(m.Sys, "block/sdb/ro", "1\n") }},
		"nonsense in sysfs": {number: "8:16", want: "invalid syntax",
			change: func(m *machine) { m.file(m.Sys, "block/sdb/size", "many\n") }},
		"nonsense in mountinfo": {number: "8:16", want: "cannot make sense of", change: mount("what?")},
	} {
		t.Run(name, func(t *testing.T) {
			m := laptop(t)
			if test.change != nil {
				test.change(m)
			}
			d, err := m.number(test.number)
			if err == nil {
				err = d.Check(test.again)
			}
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
