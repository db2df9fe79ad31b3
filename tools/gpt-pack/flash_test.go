package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/blockdev"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/inspect"
	"shimboot/tools/internal/testenv"
)

// stick is a file that was a disk, full of garbage, of the image's size and
// some more.
func stick(t *testing.T, img string) string {
	t.Helper()
	info, err := os.Stat(img)
	if err != nil {
		t.Fatal(err)
	}
	n := int(info.Size()) + 5<<20
	file := testenv.Write(t, "stick", bytes.Repeat([]byte("garbage!"), n/8))
	testenv.Run(t, "sgdisk", "-o", file)
	return file
}

func checkFlashed(t *testing.T, disk string) {
	t.Helper()
	if code, _, stderr := run(t, "verify", disk); code != 0 {
		t.Error(stderr)
	}
	if out := testenv.Run(t, "sgdisk", "--verify", disk); !strings.Contains(out, "No problems found") {
		t.Error(out)
	}
	for _, n := range []string{"3", "4"} {
		testenv.Run(t, "e2fsck", "-fn", part(t, disk, n))
	}
	testenv.Run(t, "fsck.fat", "-n", part(t, disk, "1"))
}

func TestFlashToAFile(t *testing.T) {
	_, img := built(t)
	disk := stick(t, img)
	code, stdout, stderr := run(t, "flash", img, disk)
	for _, want := range []string{"written and read back", "Chromebooks of the board test,", "Esc and Refresh"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("want %q in\n%s", want, stdout)
		}
	}
	if code != 0 || stderr != "Writing "+img+" to "+disk+" (a file, 73.0 MiB); what is on it now is lost.\n" {
		t.Errorf("exit %d, %q", code, stderr)
	}
	checkFlashed(t, disk)
}

// A loop device is built in as far as anyone can tell.
func TestFlashToADevice(t *testing.T) {
	_, img := built(t)
	file := stick(t, img)
	dev := testenv.Loop(t, file)
	before := testenv.Read(t, file)
	for name, args := range map[string][]string{
		"no --force": {"flash", img, dev},
		"other name": {"flash", "--force", "/dev/loop", img, dev},
	} {
		code, _, stderr := run(t, args...)
		if code != command.ExitInput || !strings.Contains(stderr, "built in") ||
			!strings.Contains(stderr, "type its name again: --force "+filepath.Base(dev)) {
			t.Errorf("%s: exit %d, %s", name, code, stderr)
		}
	}
	if !bytes.Equal(testenv.Read(t, file), before) {
		t.Error("a refused disk was written to")
	}
	if code, _, stderr := run(t, "flash", "--force", dev, img, dev); code != 0 {
		t.Fatal(stderr)
	}
	checkFlashed(t, file)
	state := testenv.Write(t, "wifi", []byte("secret"))
	if code, _, stderr := run(t, "put", dev, state); code != 0 {
		t.Fatal(stderr)
	}
	if _, stdout, _ := run(t, "get", dev, "wifi"); stdout != "secret" {
		t.Errorf("from the device: %q", stdout)
	}
	if _, stdout, _ := run(t, "ls", dev); !strings.Contains(stdout, " wifi\n") || !strings.Contains(stdout, " dev_image/etc/lsb-factory\n") {
		t.Errorf("ls: %q", stdout)
	}
}

func TestFlashRefuses(t *testing.T) {
	_, img := built(t)
	small := testenv.Write(t, "small", make([]byte, 1<<20))
	gone := filepath.Join(t.TempDir(), "sdz")
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"too small":      {[]string{img, small}, command.ExitInput, "use a larger stick"},
		"the image":      {[]string{img, img}, command.ExitInput, "the image itself"},
		"a device of it": {[]string{img, testenv.Loop(t, img)}, command.ExitInput, "the image itself"},
		"no such device": {[]string{img, gone}, command.ExitIO, "lists the sticks there are"},
		"no device":      {[]string{img}, command.ExitUsage, "flash takes a device"},
		"no image":       {[]string{small, small}, command.ExitInput, "GPT"},
		"/dev/null":      {[]string{img, "/dev/null"}, command.ExitInput, "neither disk nor file"},
	} {
		code, _, stderr := run(t, append([]string{"flash"}, test.args...)...)
		if code != test.code || !strings.Contains(stderr, test.want) || strings.Contains(stderr, "Writing") {
			t.Errorf("%s: exit %d, %s; want %q", name, code, stderr, test.want)
		}
	}
	if _, err := os.Stat(gone); err == nil {
		t.Error("the device was made as a file")
	}
}

// unread is a stick that must not be looked at.
type unread struct{ t *testing.T }

func (u unread) ReadAt([]byte, int64) (int, error) {
	u.t.Error("the stick is read")
	return 0, io.EOF
}

func TestStickOfAFailedWriteIsNotRead(t *testing.T) {
	table := &gpt.Table{Partitions: []gpt.Partition{
		{Number: 1, Name: "STATE", Start: 1 << 20, Size: 1 << 20}, {Number: 2, Name: "ROOT-A", Start: 2 << 20, Size: 1 << 20},
	}}
	if from := originOf(unread{t}, table, errors.New("no space left")); from != (inspect.Origin{}) {
		t.Errorf("%+v", from)
	}
}

// Interrupted before it starts, it says so; the stick is as it was.
func TestInterruptedFlash(t *testing.T) {
	_, img := built(t)
	disk := stick(t, img)
	before := testenv.Read(t, disk)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	code, _, stderr := runContext(t, ctx, "flash", img, disk)
	if code != command.ExitIO || !strings.Contains(stderr, "interrupted; nothing was written") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	if !bytes.Equal(testenv.Read(t, disk), before) {
		t.Error("the stick changed")
	}
}

func TestListOfSticks(t *testing.T) {
	var b bytes.Buffer
	err := printSticks(&b, []blockdev.Device{
		{Name: "sdb", Size: 16e9, Model: "Ultra\x1b[2J", Removable: true, SectorSize: 512},
		{Name: "sdc", Size: 32e9, Model: "Other", Removable: true, SectorSize: 512, Uses: []blockdev.Use{{On: "sdc1", As: "/mnt"}}},
	})
	if err != nil || !strings.Contains(b.String(), "/dev/sdb  14.9 GiB  Ultra\ufffd[2J") ||
		!strings.Contains(b.String(), "sdc1 in use as /mnt") || strings.Contains(b.String(), "\x1b") {
		t.Errorf("%v\n%q", err, b.String())
	}
	b.Reset()
	if err := printSticks(&b, nil); err != nil || !strings.Contains(b.String(), "No stick") {
		t.Errorf("%v, %q", err, b.String())
	}
}
