package gpt_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

// FuzzRead has a disk of 80 sectors whose checksums are made right, or else no
// change would get past them. Fewer bytes than a table are such changes, three
// each: most of a disk is empty, where a fuzzer wastes its time.
func FuzzRead(f *testing.F) {
	const sectors = 80
	f.Add(make([]byte, sectors*512))
	seed := smallDisk(sectors)
	f.Add(seed)
	f.Add([]byte{})
	f.Add([]byte{0, 80, 64, 1, 0, 0})
	f.Fuzz(func(t *testing.T, d []byte) {
		if len(d) < 34*512 {
			d = changed(seed, d)
		}
		sealHeader(d, 1)
		sealHeader(d, len(d)/512-1)
		size := int64(len(d))
		var table *gpt.Table
		var problems []string
		var err, rulesErr error
		testenv.Bounded(t, 0, func() {
			table, err = gpt.Read(bytes.NewReader(d), size)
			problems, rulesErr = gpt.CheckFirmware(bytes.NewReader(d), size)
		})
		if err != nil && !badinput.Is(err) || rulesErr != nil && !badinput.Is(rulesErr) {
			t.Errorf("not blamed on the input: %v, %v", err, rulesErr)
		}
		if bytes.Equal(d, seed) && (err != nil || rulesErr != nil || problems != nil || len(table.Partitions) != 1) {
			t.Errorf("the seed is no good table: %v, %v, %q", err, rulesErr, problems)
		}
		if err == nil {
			checkTable(t, table, size)
		}
		checkGUIDs(t, d)
	})
}

// checkGUIDs: what is taken as the start of a disk keeps the firmware's rules
// with other GUIDs too.
func checkGUIDs(t *testing.T, d []byte) {
	t.Helper()
	var head *gpt.Head
	var err error
	testenv.Bounded(t, 0, func() { head, err = gpt.ReadHead(d) })
	const most = 1 << 20
	if err != nil || head.Size() > most {
		return
	}
	if head, err = head.WithGUIDs(rand.NewChaCha8([32]byte{})); err != nil {
		t.Fatal(err)
	}
	disk := make([]byte, head.Size())
	start, end := head.For(head.Size())
	copy(disk, start)
	copy(disk[len(disk)-len(end):], end)
	if problems, err := gpt.CheckFirmware(bytes.NewReader(disk), head.Size()); err != nil || problems != nil {
		t.Errorf("with other GUIDs: %v, %v", problems, err)
	}
}

// checkTable: partitions lie inside, and choosing one gives one of them.
func checkTable(t *testing.T, table *gpt.Table, size int64) {
	t.Helper()
	for i, p := range table.Partitions {
		if p.Start < 0 || p.Size <= 0 || p.Start > size-p.Size || p.Number < 1 {
			t.Errorf("%+v is not inside %d bytes", p, size)
		}
		if i > 0 && p.Number <= table.Partitions[i-1].Number {
			t.Errorf("partition %d behind %d", p.Number, table.Partitions[i-1].Number)
		}
		if got, err := table.Number(p.Number); err != nil || !reflect.DeepEqual(*got, p) {
			t.Errorf("by its number %d: %+v, %v", p.Number, got, err)
		}
	}
	k, err := table.Kernel()
	if err == nil && !k.Bootable() || err != nil && !badinput.Is(err) {
		t.Errorf("%+v, %v", k, err)
	}
}

// changed puts bytes at places of both headers and of their first two entries:
// the first byte of three chooses which, the second the place, the third is put
// there.
func changed(disk, changes []byte) []byte {
	d := bytes.Clone(disk)
	parts := [][]byte{d[512:], d[1024:], d[len(d)-512:], d[len(d)-33*512:]}
	for ; len(changes) >= 3; changes = changes[3:] {
		parts[changes[0]%4][changes[1]] = changes[2]
	}
	return d
}

// smallDisk has both tables and one partition.
func smallDisk(sectors uint64) []byte {
	d := make([]byte, sectors*512)
	for _, t := range [][3]uint64{{1, sectors - 1, 2}, {sectors - 1, 1, sectors - 33}} {
		h := d[t[0]*512:]
		copy(h, "EFI PART\x00\x00\x01\x00\x5c\x00\x00\x00")
		for i, n := range []uint64{t[0], t[1], 34, sectors - 34} {
			binary.LittleEndian.PutUint64(h[24+8*i:], n)
		}
		binary.LittleEndian.PutUint64(h[72:], t[2])
		binary.LittleEndian.PutUint32(h[80:], 128)
		binary.LittleEndian.PutUint32(h[84:], 128)
		copy(d[t[2]*512:], "a type of 16 by.and an own GUID.\x28\x00\x00\x00\x00\x00\x00\x00\x29")
	}
	sealHeader(d, 1)
	sealHeader(d, int(sectors)-1)
	return d
}
