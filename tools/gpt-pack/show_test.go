package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/inspect"
	"shimboot/tools/internal/testenv"
)

// described builds an image of which everything says what it is.
func described(t *testing.T) string {
	t.Helper()
	dir, spec := inputs(t)
	for name, text := range map[string]string{
		"rootfs/etc/os-release":   "NAME=Test\nPRETTY_NAME=\"Test \x1b[31mOS 1\"\n",
		"release/etc/lsb-release": "CHROMEOS_RELEASE_BOARD=other\nCHROMEOS_RELEASE_VERSION=123.4\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	spec["partitions"].([]any)[2] = partition("ROOT-A", "chromeos-rootfs", "32MiB", "ext2", sources("directory", "release"))
	img := filepath.Join(dir, "img")
	if code, _, stderr := run(t, "build", "--spec", writeSpec(t, dir, spec), "--out", img); code != 0 {
		t.Fatal(stderr)
	}
	return img
}

// The words are those of the image; the numbers those of other programs.
func TestShow(t *testing.T) {
	img := described(t)
	code, stdout, stderr := run(t, "show", "--json", img)
	var got struct {
		inspect.Origin
		Partitions []shown
	}
	if err := json.Unmarshal([]byte(stdout), &got); code != 0 || err != nil {
		t.Fatalf("exit %d, %v, %s", code, err, stderr)
	}
	if want := (inspect.Origin{Board: "test", Version: "123.4", System: "Test \x1b[31mOS 1"}); got.Origin != want {
		t.Errorf("%+v, want %+v", got.Origin, want)
	}
	var list []string
	for _, p := range got.Partitions {
		list = append(list, fmt.Sprintf("%d %s %s %s", p.Number, p.Name, p.Type, p.Content))
	}
	want := "1 STATE linux-data vfat|2 KERN-A chromeos-kernel kernel|3 ROOT-A chromeos-rootfs ext2|4 shimboot_rootfs:test linux-data ext4"
	if got := strings.Join(list, "|"); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if kernel := got.Partitions[1]; !kernel.Boots || kernel.Priority != 10 || kernel.Tries != 5 || !kernel.Successful {
		t.Errorf("%+v", kernel)
	}
	for _, number := range []int{3, 4} {
		info := testenv.Run(t, "dumpe2fs", "-h", part(t, img, strconv.Itoa(number)))
		s := got.Partitions[number-1]
		for _, want := range []string{
			fmt.Sprintf("Free blocks:              %d\n", *s.Free/4096),
			fmt.Sprintf("Block count:              %d\n", (*s.Used+*s.Free)/4096),
			fmt.Sprintf("Filesystem volume name:   %s\n", s.Label),
		} {
			if !strings.Contains(info, want) {
				t.Errorf("partition %d: %q is not what dumpe2fs says:\n%s", number, want, info)
			}
		}
	}
	state := got.Partitions[0]
	if out := testenv.Run(t, "mdir", "-i", img+"@@1M", "::"); !strings.Contains(
		strings.ReplaceAll(out, " ", ""), fmt.Sprintf("%dbytesfree", *state.Free)) {
		t.Errorf("%d bytes free is not what mdir says:\n%s", *state.Free, out)
	}
}

func TestShowForPeople(t *testing.T) {
	img := described(t)
	_, stdout, _ := run(t, "show", img)
	for _, want := range []string{
		"board    test\n", "version  123.4\n", "system   Test \ufffd[31mOS 1\n",
		"priority 10, tries 5, successful: boots\n", "  ext4  ", "  32.0 MiB  ",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("want %q in\n%s", want, stdout)
		}
	}
	if _, stdout, _ := run(t, "show", "-v", img); !strings.Contains(stdout, "  33554432  ") || !strings.Contains(stdout, "GUID\n") {
		t.Errorf("-v:\n%s", stdout)
	}
}
