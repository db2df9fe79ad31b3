package gpt_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

const kernelAndRoot = 2

// renewed writes a table with new GUIDs over a larger disk.
func renewed(t *testing.T, d []byte) (disk []byte, head *gpt.Head) {
	t.Helper()
	old, err := gpt.ReadHead(d)
	if err != nil {
		t.Fatal(err)
	}
	head, err = old.WithGUIDs(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	disk = append(bytes.Clone(d), make([]byte, 1<<20)...)
	clear(disk[diskSize-gpt.TailSize:])
	start, end := head.For(int64(len(disk)))
	copy(disk, start)
	copy(disk[len(disk)-len(end):], end)
	return disk, head
}

// The others find new GUIDs of version 4 in both tables, and all else as it was.
func TestWithGUIDs(t *testing.T) {
	d := disk(t, "-i 2 -b 4096 -s 64 -t kernel -l KERN-A -P 9 -T 3 -S 1", "-i 3 -b 8192 -s 64 -t rootfs -l ROOT-A")
	before := testenv.Write(t, "before", d)
	content, head := renewed(t, d)
	after := testenv.Write(t, "after", content)
	if problems, err := gpt.CheckFirmware(bytes.NewReader(content), int64(len(content))); err != nil || problems != nil {
		t.Errorf("%v, %v", problems, err)
	}
	if out := testenv.Run(t, "sgdisk", "--verify", after); !strings.Contains(out, "No problems found") {
		t.Error(out)
	}
	version4 := regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`)
	want := []string{field(t, "Disk identifier", "sgdisk", "-p", after)}
	for _, n := range []string{"2", "3"} {
		want = append(want, field(t, "Partition unique GUID", "sgdisk", "-i", n, after))
		for _, flag := range []string{"-t", "-l", "-A", "-b", "-s"} {
			if a, b := testenv.Run(t, "cgpt", "show", "-i", n, flag, before), testenv.Run(t, "cgpt", "show", "-i", n, flag, after); a != b {
				t.Errorf("%s of partition %s: %q, was %q", flag, n, b, a)
			}
		}
	}
	old, err := gpt.ReadHead(d)
	if err != nil {
		t.Fatal(err)
	}
	if got := head.GUIDs(); !slices.Equal(got, want) || len(got) != 1+kernelAndRoot {
		t.Errorf("%q, sgdisk says %q", got, want)
	}
	for _, guid := range head.GUIDs() {
		if !version4.MatchString(guid) || slices.Contains(old.GUIDs(), guid) {
			t.Errorf("%s of %v", guid, old.GUIDs())
		}
	}
	if out := testenv.Run(t, "cgpt", "find", "-n", "-u", want[1], after); strings.TrimSpace(out) != "2" {
		t.Errorf("cgpt finds %s in %q", want[1], out)
	}
}

// field gives what a program's output has behind a name.
func field(t *testing.T, name, program string, args ...string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + name + `[^:]*: ([0-9A-F-]{36})`).FindStringSubmatch(testenv.Run(t, program, args...))
	if m == nil {
		t.Fatalf("%s says no %s", program, name)
	}
	return m[1]
}

// No two tables have a GUID in common, and the backup alone has the same.
func TestGUIDsAreFresh(t *testing.T) {
	d := disk(t, "-i 2 -b 4096 -s 64 -t kernel -l KERN-A -P 9 -T 3 -S 1")
	one, a := renewed(t, d)
	_, b := renewed(t, d)
	for _, guid := range a.GUIDs() {
		if slices.Contains(b.GUIDs(), guid) {
			t.Errorf("%s twice", guid)
		}
	}
	clear(one[:gpt.HeadSize])
	table, err := read(t, one)
	if err != nil || !table.FromBackup {
		t.Fatalf("%v, %v", table, err)
	}
	if got := []string{table.GUID, table.Partitions[0].GUID}; !slices.Equal(got, a.GUIDs()) {
		t.Errorf("the backup has %q, want %q", got, a.GUIDs())
	}
}

func TestNoRandomness(t *testing.T) {
	h, err := gpt.ReadHead(disk(t))
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no entropy")
	if _, err := h.WithGUIDs(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Error(err)
	}
}
