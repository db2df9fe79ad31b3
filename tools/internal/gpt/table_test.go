package gpt_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

const diskSize = 8 << 20

// disk makes a disk with cgpt and gives its bytes. Every add is the arguments
// of `cgpt add`, separated by blanks.
func disk(t *testing.T, add ...string) []byte {
	t.Helper()
	img := filepath.Join(t.TempDir(), "disk.bin")
	if err := os.WriteFile(img, make([]byte, diskSize), 0o600); err != nil {
		t.Fatal(err)
	}
	testenv.Run(t, "cgpt", "create", img)
	testenv.Run(t, "cgpt", "boot", "-p", img)
	for _, a := range add {
		testenv.Run(t, "cgpt", append(append([]string{"add"}, strings.Fields(a)...), img)...)
	}
	return testenv.Read(t, img)
}

func read(t *testing.T, d []byte) (*gpt.Table, error) {
	t.Helper()
	return gpt.Read(bytes.NewReader(d), int64(len(d)))
}

func TestChoosesTheKernelThatFirmwareWould(t *testing.T) {
	const root = "-i 3 -b 8192 -s 64 -t rootfs -l ROOT-A"
	kernel := func(n, start, flags string) string {
		return "-i " + n + " -b " + start + " -s 64 -t kernel -l K " + flags
	}
	for name, test := range map[string]struct {
		add  []string
		want int
	}{
		"highest priority":          {[]string{kernel("2", "4096", "-P 3 -T 1"), kernel("4", "5120", "-P 9 -T 1")}, 4},
		"lower number of equals":    {[]string{kernel("6", "4096", "-P 5 -S 1"), kernel("2", "5120", "-P 5 -S 1")}, 2},
		"no tries, not successful":  {[]string{kernel("2", "4096", "-P 9 -T 0"), kernel("4", "5120", "-P 1 -T 1")}, 4},
		"no tries, but successful":  {[]string{kernel("2", "4096", "-P 9 -T 0 -S 1"), kernel("4", "5120", "-P 1 -T 1")}, 2},
		"priority zero never boots": {[]string{kernel("2", "4096", "-P 0 -S 1"), kernel("4", "5120", "-P 1 -S 1")}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := read(t, disk(t, append(test.add, root)...))
			if err != nil {
				t.Fatal(err)
			}
			k, err := table.Kernel()
			if err != nil || k.Number != test.want {
				t.Errorf("%+v, %v; want partition %d", k, err, test.want)
			}
		})
	}
}

func TestRootIsTheNextNumberWhereverItLies(t *testing.T) {
	table, err := read(t, disk(t, "-i 2 -b 6144 -s 64 -t kernel -l KERN-A -P 1 -S 1", "-i 3 -b 4096 -s 64 -t rootfs -l ROOT-A"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := table.Kernel()
	if err != nil {
		t.Fatal(err)
	}
	root, err := table.RootOf(k)
	if err != nil || root.Start != 4096*512 || root.Size != 64*512 {
		t.Errorf("%+v, %v", root, err)
	}
}

func TestDamagedPrimaryTableIsReadFromTheBackup(t *testing.T) {
	d := disk(t, "-i 1 -b 4096 -s 64 -t data -l STATE")
	d[512+100] ^= 0xff // unused by the checksum's range, so take the entries
	d[1024] ^= 0xff
	table, err := read(t, d)
	if err != nil || !table.FromBackup || len(table.Label("STATE")) != 1 {
		t.Errorf("%v, %v", table, err)
	}
}

func TestRefusals(t *testing.T) {
	whole := disk(t, "-i 1 -b 4096 -s 64 -t data -l STATE", "-i 2 -b 12000 -s 64 -t kernel -l KERN-A -P 1 -S 1")
	for name, test := range map[string]struct {
		disk []byte
		want string
	}{
		"text":    {bytes.Repeat([]byte("x"), 1<<20), "GPT at offset 512: found none that can be read, want"},
		"tiny":    {make([]byte, 512), "found an image of 512 bytes"},
		"cut off": {whole[:5<<20], "partition 2 (KERN-A): found sectors 12000 to 12063"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, test.disk)
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

// Others pack it; what is said does not depend on how large that gets.
func TestPackedImages(t *testing.T) {
	d := disk(t, "-i 1 -b 4096 -s 64 -t data -l STATE")
	for program, want := range map[string]string{
		"gzip": "compressed with gzip, want a disk image as it is; unpack it first (gunzip)", "xz": "(unxz)", "zstd": "(unzstd)",
	} {
		file := testenv.Write(t, "image", d)
		packed := []byte(testenv.Run(t, program, "-q", "-c", file))
		if program == "zstd" {
			packed = append([]byte("\x5f\x2a\x4d\x18\x05\x00\x00\x00hello"), packed...)
		}
		_, err := read(t, packed)
		_, headErr := gpt.ReadHead(packed)
		for _, err := range []error{err, headErr} {
			if err == nil || !strings.Contains(err.Error(), want) || !badinput.Is(err) {
				t.Errorf("%s: %v, want %q", program, err, want)
			}
		}
	}
}

// sealHeader makes the checksum of the header at a sector right, and that of
// the entries it names if they are in the image.
func sealHeader(d []byte, sector int) {
	h := d[sector*512:][:512]
	entries := binary.LittleEndian.Uint64(h[72:])
	if n := uint64(len(d)); entries < n/512 && n-entries*512 >= 128*128 {
		binary.LittleEndian.PutUint32(h[88:], crc32.ChecksumIEEE(d[entries*512:][:128*128]))
	}
	sealChecksum(h)
}

// sealChecksum makes the header's own checksum right.
func sealChecksum(h []byte) {
	clear(h[16:20])
	n := min(binary.LittleEndian.Uint32(h[12:]), 512)
	binary.LittleEndian.PutUint32(h[16:], crc32.ChecksumIEEE(h[:n]))
}

// A header asks for entries that no firmware takes; its checksum is right.
func TestEntriesOfAnotherShape(t *testing.T) {
	good := disk(t, "-i 1 -b 4096 -s 64 -t data -l STATE")
	const backup = diskSize/512 - 1
	shape := func(d []byte, sector int, count, size uint32) {
		binary.LittleEndian.PutUint32(d[sector*512+80:], count)
		binary.LittleEndian.PutUint32(d[sector*512+84:], size)
		sealHeader(d, sector)
	}
	for name, test := range map[string]struct {
		change func(d []byte)
		want   string // "" where the backup is good
	}{
		"more than memory": {func(d []byte) { shape(d, 1, 1<<31, 1<<31) }, ""},
		"gigabytes":        {func(d []byte) { shape(d, 1, 1<<24, 128) }, ""},
		"no bytes":         {func(d []byte) { shape(d, 1, 128, 0) }, ""},
		"both":             {func(d []byte) { shape(d, 1, 1<<31, 1<<31); shape(d, backup, 1<<31, 1<<31) }, "GPT entries at offset 592"},
		"backup, primary damaged": {func(d []byte) {
			d[512+56] ^= 1
			shape(d, backup, 1<<31, 128)
		}, "GPT entries at offset 8388176: found 2147483648 of 128 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			d := bytes.Clone(good)
			test.change(d)
			table, err := read(t, d)
			switch {
			case test.want == "":
				if err != nil || !table.FromBackup || len(table.Label("STATE")) != 1 {
					t.Errorf("%+v, %v; want the backup", table, err)
				}
			case err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err):
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
	bad := bytes.Clone(good)
	shape(bad, backup, 1<<31, 1<<31)
	if table, err := read(t, bad); err != nil || table.FromBackup {
		t.Errorf("%v: a bad backup is in the way of a good primary", err)
	}
}

func TestFirmwareRulesOfTinyImages(t *testing.T) {
	for sectors := range 34 {
		d := make([]byte, sectors*512)
		if _, err := gpt.CheckFirmware(bytes.NewReader(d), int64(len(d))); !badinput.Is(err) {
			t.Errorf("%d sectors: %v, want bad input", sectors, err)
		}
	}
}

// Entries out of the image are a broken rule, not a failed read.
func TestFirmwareRulesOfEntriesOutside(t *testing.T) {
	for _, sector := range []uint64{diskSize/512 - 31, 1 << 40, 1<<55 + 2, 1<<64 - 1} {
		d := disk(t)
		binary.LittleEndian.PutUint64(d[512+72:], sector)
		sealHeader(d, 1)
		problems, err := gpt.CheckFirmware(bytes.NewReader(d), diskSize)
		if err != nil || !strings.Contains(strings.Join(problems, "\n"), "primary table: entries at sector") {
			t.Errorf("sector %d: %q, %v", sector, problems, err)
		}
	}
}
