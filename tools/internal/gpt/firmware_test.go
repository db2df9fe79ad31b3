package gpt_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

const lastSector = diskSize/512 - 1

// copyOf is one of a disk's two tables.
type copyOf struct {
	name, cgpt string // to us, to cgpt show
	sector     int    // of the header
	entries    int    // sector
}

func both() []copyOf {
	return []copyOf{{"primary", "Pri", 1, 2}, {"backup", "Sec", lastSector, lastSector - 32}}
}

// broken is a rule, and a table that breaks it and no other: its checksums are
// right but for the rules about those.
type broken struct {
	rule   string
	header map[int]uint64 // at an offset: a field of the length that it has there
	// entries changes the entries in place.
	entries func(e []byte)
	sealed  bool
	want    string
	part    string // header or table, where cgpt sees it
}

// fieldSize gives the bytes of a header's field.
func fieldSize(off int) int {
	switch off {
	case 0, 24, 32, 40, 48, 72:
		return 8
	}
	return 4
}

func entry(n, off int, value uint64) func(e []byte) {
	return func(e []byte) { binary.LittleEndian.PutUint64(e[(n-1)*128+off:], value) }
}

func rules() []broken {
	field := func(rule string, off int, value uint64, want string) broken {
		return broken{rule: rule, header: map[int]uint64{off: value}, sealed: true, want: want, part: "header"}
	}
	table := func(rule string, change func(e []byte), want string) broken {
		return broken{rule: rule, entries: change, sealed: true, want: want, part: "table"}
	}
	return []broken{
		field("signature", 0, 0x5452415020494646, "signature"),
		field("revision", 8, 0x20000, "revision 0x20000"),
		field("a header too short", 12, 91, "header of 91 bytes"),
		field("a header too long", 12, 513, "header of 513 bytes"),
		{rule: "header checksum", header: map[int]uint64{16: 7}, want: "header checksum 0x00000007", part: "header"},
		field("reserved", 20, 1, "reserved field 0x1"),
		field("own place", 24, 9, "says it is at sector 9"),
		field("first usable sector in the table", 40, 33, "first usable sector 33, want at least 34"),
		field("last usable sector in the backup", 48, lastSector-32, "last usable sector 16351"),
		field("last usable before first usable", 48, 33, "last usable sector 33"),
		field("place of the entries", 72, 1, "entries at sector 1, want"),
		field("entries that reach past the disk", 72, lastSector-30, "entries at sector 16353, want"),
		field("fewer entries", 80, 64, "64 entries, want 128"),
		field("more entries", 80, 129, "129 entries, want 128"),
		field("larger entries", 84, 256, "entries of 256 bytes, want 128"),
		{rule: "entries' checksum", entries: entry(1, 56, 'x'), want: "entries' checksum", part: "table"},
		table("a partition before the usable sectors", entry(1, 32, 33), "partition 1 is at sectors 33 to 4159"),
		table("a partition behind them", entry(2, 40, lastSector-32), "partition 2 is at sectors 6144 to 16351"),
		table("an end before the start", entry(2, 40, 6143), "partition 2 is at sectors 6144 to 6143"),
		table("overlap", entry(2, 32, 4159), "partitions 1 and 2 overlap"),
		table("equal GUIDs", func(e []byte) { copy(e[128+16:128+32], e[16:32]) }, "partitions 1 and 2 have the same unique GUID"),
	}
}

func (b broken) in(d []byte, c copyOf) {
	if b.entries != nil {
		b.entries(d[c.entries*512:][:128*128])
	}
	h := d[c.sector*512:][:512]
	if b.sealed {
		sealHeader(d, c.sector)
	}
	for off, value := range b.header {
		var raw [8]byte
		binary.LittleEndian.PutUint64(raw[:], value)
		copy(h[off:off+fieldSize(off)], raw[:])
	}
	if b.sealed {
		sealChecksum(h)
	}
}

// Each rule of the firmware, broken by itself in one of two good tables: we
// name it, and cgpt, which has the firmware's own code, takes the same part of
// the same table for invalid; so does sgdisk or sfdisk.
func TestFirmwareRules(t *testing.T) {
	good := disk(t, "-i 1 -b 4096 -s 64 -t data -l A", "-i 2 -b 6144 -s 64 -t kernel -l B -P 1 -S 1")
	if problems, err := gpt.CheckFirmware(bytes.NewReader(good), diskSize); err != nil || problems != nil {
		t.Fatalf("cgpt's own disk: %v, %v", problems, err)
	}
	before := map[string]string{}
	for _, program := range []string{"sgdisk", "sfdisk"} {
		before[program] = says(t, program, testenv.Write(t, "disk", good))
	}
	for _, b := range rules() {
		for _, c := range both() {
			t.Run(b.rule+", "+c.name, func(t *testing.T) {
				d := bytes.Clone(good)
				b.in(d, c)
				problems, err := gpt.CheckFirmware(bytes.NewReader(d), diskSize)
				if err != nil || len(problems) == 0 || !strings.HasPrefix(problems[0], c.name+" table: "+b.want) {
					t.Errorf("%q, %v; want %q", problems, err, b.want)
				}
				for _, p := range problems[min(1, len(problems)):] {
					if p != "the primary and the backup entries differ" {
						t.Errorf("and %q", p)
					}
				}
				img := testenv.Write(t, "disk", d)
				invalid := "INVALID  " + c.cgpt + " GPT " + b.part
				if out, err := testenv.Try(t, "cgpt", "show", img); err == nil && !strings.Contains(out, invalid) {
					t.Errorf("cgpt does not mind:\n%s", out)
				}
				// A field that is reserved is firmware's own concern.
				if b.rule != "reserved" && says(t, "sgdisk", img) == before["sgdisk"] && says(t, "sfdisk", img) == before["sfdisk"] {
					t.Error("neither sgdisk nor sfdisk minds")
				}
			})
		}
	}
}

// says is what another program finds when it verifies a disk.
func says(t *testing.T, program, img string) string {
	t.Helper()
	out, err := testenv.Try(t, program, "--verify", img)
	return strings.ReplaceAll(fmt.Sprint(out, err), img, "")
}
