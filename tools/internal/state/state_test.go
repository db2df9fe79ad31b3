package state_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/state"
	"shimboot/tools/internal/testenv"
)

const start, size = 1 << 20, 4 << 20

// disk is an image whose STATE another program made.
type disk struct {
	*os.File
	table *gpt.Table
}

func newDisk(t *testing.T, program string, args ...string) *disk {
	t.Helper()
	testenv.Need(t, "mcopy", "mmd", "mkfs.fat", "mke2fs")
	part := testenv.Write(t, "part", nil)
	if err := os.Truncate(part, size); err != nil {
		t.Fatal(err)
	}
	if program != "" {
		testenv.Run(t, program, append(args, part)...)
	}
	return &disk{onDisk(t, part), &gpt.Table{Partitions: []gpt.Partition{{Number: 1, Name: "STATE", Start: start, Size: size}}}}
}

// onDisk is a disk with that partition.
func onDisk(t *testing.T, part string) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "disk"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if _, err := f.WriteAt(testenv.Read(t, part), start); err != nil {
		t.Fatal(err)
	}
	return f
}

func (d *disk) open(t *testing.T) *state.Volume {
	t.Helper()
	v, err := state.Open(d, d.table)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// put copies a text in.
func (d *disk) put(t *testing.T, text, name string) error {
	t.Helper()
	return d.open(t).Put(t.Context(), d, t.TempDir(), testenv.Write(t, "file", []byte(text)), name)
}

// kinds are all that STATE may be.
func kinds() map[string][]string {
	return map[string][]string{
		"FAT12": {"mkfs.fat", "-F", "12"}, "FAT16": {"mkfs.fat", "-F", "16", "-s", "1"},
		"ext2": {"mke2fs", "-q", "-t", "ext2"}, "ext4": {"mke2fs", "-q", "-t", "ext4", "-O", "^has_journal"},
	}
}

func TestPutGetList(t *testing.T) {
	for name, mkfs := range kinds() {
		t.Run(name, func(t *testing.T) {
			d := newDisk(t, mkfs[0], mkfs[1:]...)
			for _, text := range []string{"one", "another text"} { // the second takes the first one's place
				if err := d.put(t, text, "dir/sub/file.txt"); err != nil {
					t.Fatal(err)
				}
			}
			v := d.open(t)
			if got, err := v.Get("/dir/sub/file.txt"); err != nil || string(got) != "another text" {
				t.Errorf("%q, %v", got, err)
			}
			files, err := v.List()
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, f := range files {
				if f.Path != "lost+found" {
					names = append(names, f.Path)
				}
			}
			if want := []string{"dir", "dir/sub", "dir/sub/file.txt"}; !slices.Equal(names, want) {
				t.Errorf("%q, want %q", names, want)
			}
			part := testenv.Write(t, "part", testenv.Read(t, d.Name())[start:][:size])
			if strings.HasPrefix(name, "FAT") {
				testenv.Run(t, "fsck.fat", "-n", part)
			} else {
				testenv.Run(t, "e2fsck", "-fn", part)
			}
		})
	}
}

func TestNotThere(t *testing.T) {
	for name, mkfs := range kinds() {
		_, err := newDisk(t, mkfs[0], mkfs[1:]...).open(t).Get("nothing")
		var missing *state.NotFoundError
		if !errors.As(err, &missing) || !badinput.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is refused leaves the disk as it was.
func TestPutRefuses(t *testing.T) {
	for kind, mkfs := range kinds() {
		for name, want := range map[string]string{
			"../out": "a path inside the partition", ".": "a path inside the partition", "": "a path inside the partition", "a//b": "a path inside",
		} {
			d := newDisk(t, mkfs[0], mkfs[1:]...)
			before := testenv.Read(t, d.Name())
			if err := d.put(t, "text", name); !badinput.Is(err) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q: %v", kind, name, err)
			}
			if err := d.put(t, strings.Repeat("x", size+1), "large"); !badinput.Is(err) {
				t.Errorf("%s: too large: %v", kind, err)
			}
			if string(testenv.Read(t, d.Name())) != string(before) {
				t.Errorf("%s: %q: the disk changed", kind, name)
			}
		}
	}
}

func TestNoState(t *testing.T) {
	squash := newDisk(t, "")
	copyTo := make([]byte, 100_000)
	copy(copyTo[0x10040:], "_BHRfS_M")
	if _, err := squash.WriteAt(copyTo, start); err != nil {
		t.Fatal(err)
	}
	other := newDisk(t, "")
	other.table.Partitions[0].Name = "ROOT-A"
	for want, d := range map[string]*disk{
		"found nothing that is known, want a FAT, ext2 or ext4": newDisk(t, ""),
		"found btrfs, want a FAT, ext2 or ext4":                 squash,
		"found 0 partitions of that name":                       other,
	} {
		if _, err := state.Open(d, d.table); !badinput.Is(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
