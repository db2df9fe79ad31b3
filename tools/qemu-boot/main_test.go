package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/depthcharge"
	"shimboot/tools/internal/testenv"
)

func boot(t *testing.T, args ...string) (code int, stderr string) {
	t.Helper()
	var errs bytes.Buffer
	a := app()
	a.Writer, a.ErrWriter = &errs, &errs
	code = command.Run(context.Background(), a, append([]string{"qemu-boot"}, args...), &errs)
	return code, errs.String()
}

// signedDisk makes a ChromeOS disk with a kernel signed by a developer key.
func signedDisk(t *testing.T, key string) string {
	t.Helper()
	img := filepath.Join(t.TempDir(), "disk.img")
	blob := testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), "kern_guid=%U", key)
	if err := os.WriteFile(img, make([]byte, 16<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "cgpt", "create", img)
	testenv.Run(t, "cgpt", "add", "-i", "2", "-b", "2048", "-s", "16384", "-t", "kernel", "-l", "KERN-A", "-P", "1", "-S", "1", img)
	testenv.Run(t, "dd", "if="+blob, "of="+img, "bs=512", "seek=2048", "conv=notrunc", "status=none")
	return img
}

// An image that is in use elsewhere is not written to.
func TestKeepRefusesWhatALoopDeviceHolds(t *testing.T) {
	img := signedDisk(t, "kernel") // which is not started either
	dev := testenv.Loop(t, img)
	args := []string{"--key", testenv.DevKey(t, "recovery_key.vbpubk"), "--expect", ".", img}
	if code, out := boot(t, append([]string{"--keep"}, args...)...); code != command.ExitInput || !strings.Contains(out, "losetup -d "+dev) {
		t.Errorf("exit %d, %q", code, out)
	}
	if _, out := boot(t, args...); !strings.Contains(out, "firmware refuses this stick") {
		t.Errorf("without --keep: %q", out)
	}
}

// What firmware would not start is not started, whatever QEMU could do with it.
func TestFirmwareRefuses(t *testing.T) {
	good := signedDisk(t, "installer_kernel")
	changed := testenv.Read(t, good)
	changed[2048*512+100000] ^= 1
	damaged := testenv.Read(t, good)
	damaged[512+16] ^= 1
	for name, test := range map[string]struct{ image, want string }{
		"another vendor's key": {signedDisk(t, "kernel"), "firmware refuses this stick"},
		"changed body":         {testenv.Write(t, "c", changed), "firmware refuses this stick"},
		"damaged table":        {testenv.Write(t, "d", damaged), "primary table: header checksum"},
		"no disk":              {testenv.Write(t, "n", make([]byte, 1<<20)), "signature"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out := boot(t, "--key", testenv.DevKey(t, "recovery_key.vbpubk"), "--expect", ".", test.image)
			if code != command.ExitInput || !strings.Contains(out, test.want) {
				t.Errorf("exit %d, %q, want %q", code, out, test.want)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{"--key", "k", "image"},
		{"--key", "k", "--expect", "x", "--interactive", "image"},
		{"--key", "k", "--expect", "x"},
		{"--key", "k", "--expect", "x", "--script", "s", "image"},
		{"--key", "k", "--expect", "x", "--attach", "floppy", "image"},
		{"--key", "k", "--expect", "x", "--disk", "other.img", "image"},
		{"--key", "k", "--expect", "x", "--record-writes", "log", "image"},
		{"--key", "k", "--expect", "x", "--bad-sector", "7", "image"},
		{"--key", "k", "--expect", "x", "--keep", "--bad-sector", "7", "--record-writes", "log", "image"},
		{"--expect", "x", "image"},
	} {
		if code, out := boot(t, args...); code != command.ExitUsage {
			t.Errorf("%q: exit %d, %s", args, code, out)
		}
	}
}

func TestCondensedConsole(t *testing.T) {
	for line, want := range map[string]bool{
		"shim: starting /sbin/init from memory":            true,
		"shimboot: found root \"debian\" on /dev/sda4":     true,
		"[  OK  ] Reached target multi-user.target":        true,
		"Kernel panic - not syncing":                       true,
		"Command line: oops=panic panic=-1":                false,
		"sd 0:0:0:0: [sda] Attached SCSI removable disk":   false,
		"[FAILED] Failed to start systemd-sysctl.service.": true,
	} {
		if worthShowing(line) != want {
			t.Errorf("%q: shown %v, want %v", line, !want, want)
		}
	}
}

// A machine that stands still ends the boot at once, whatever --fail says.
func TestFailure(t *testing.T) {
	fail, err := failure("panic|Freezing")
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]bool{
		"Kernel panic - not syncing": true,
		"rcu: rcu_sched kthread timer wakeup didn't happen for 5251 jiffies! g7 f0x0 ->state=0x402": true,
		"rcu: rcu_preempt kthread starved for 5252 jiffies! g7 f0x2 RCU_GP_WAIT_FQS(5)":             true,
		"rcu: Hierarchical RCU implementation.":                                                     false,
	} {
		if fail.MatchString(line) != want {
			t.Errorf("%q: fails %v, want %v", line, !want, want)
		}
	}
	if _, err := failure("("); err == nil {
		t.Error("no error of a bad expression")
	}
}

// The files' names reach QEMU as they are, whatever is in them.
func TestMachine(t *testing.T) {
	list, err := disks("a,b.img", "nvme", false, []string{"sd=fat:c", "later=d"})
	if err != nil {
		t.Fatal(err)
	}
	h := hardware{disks: list, memory: "512", throttle: "1000", monitor: "sock"}
	args := strings.Join(h.command(context.Background(), &depthcharge.Kernel{Vmlinuz: "k", Cmdline: "c"}).Args, " ")
	for _, want := range []string{
		"file.filename=a,,b.img,if=none,id=stick,snapshot=on,throttling.bps-total=1000 -device nvme,serial=shimboot,drive=stick",
		"file.filename=fat:c,if=none,id=disk1,snapshot=on -device sdhci-pci -device sd-card,drive=disk1",
		"file.filename=d,if=none,id=disk2,snapshot=on -serial stdio",
		"-no-reboot",
	} {
		if !strings.Contains(args, want) {
			t.Errorf("%s\nlacks %s", args, want)
		}
	}
}

// Only the image, and only when asked for, is written to.
func TestKeepsWhatIsWritten(t *testing.T) {
	list, err := disks("a.img", "usb", true, []string{"usb=b.img"})
	if err != nil {
		t.Fatal(err)
	}
	list[0].record = "a,b.log"
	if args := strings.Join(list[0].options("9"), " "); !strings.Contains(args,
		"driver=blklogwrites,log-sector-size=512,log-super-update-interval=1,log.driver=file,log.filename=a,,b.log,"+
			"file.driver=file,file.filename=a.img,if=none,id=stick,throttling.bps-total=9") {
		t.Errorf("what is written is not recorded: %s", args)
	}
	list[0].record, list[0].bad = "", []int{7, 8}
	if args := strings.Join(list[0].options(""), " "); !strings.Contains(args, "file.inject-error.1.once=on,file.inject-error.1.sector=8,") {
		t.Errorf("no write fails: %s", args)
	}
	for i, want := range []bool{false, true} {
		if args := strings.Join(list[i].options(""), " "); strings.Contains(args, "snapshot=on") != want {
			t.Errorf("disk %d: snapshot %v, want %v: %s", i, !want, want, args)
		}
	}
}
