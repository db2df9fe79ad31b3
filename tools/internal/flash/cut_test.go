package flash_test

import (
	"bytes"
	"testing"

	"shimboot/tools/internal/gpt"
)

// change is a write to a disk; data nil are n zeros.
type change struct {
	off, n int64
	data   []byte
}

func (c change) apply(d []byte) {
	if c.data == nil {
		clear(d[c.off:][:c.n])
		return
	}
	copy(d[c.off:], c.data)
}

// half is what a cut in the middle leaves of a change: whole sectors at its
// start, or at its end.
func (c change) half(start bool) change {
	at := c.n / 2 &^ 511
	h := change{off: c.off, n: at}
	if !start {
		h = change{off: c.off + at, n: c.n - at}
	}
	if c.data != nil {
		h.data = c.data[h.off-c.off:][:h.n]
	}
	return h
}

// volatile is a disk whose power may be cut: what was not synced is on the
// medium, or not, in any order.
type volatile struct {
	memory
	medium  []byte // what is safe
	waiting []change
	cut     func(medium []byte) // called with what a cut could leave
}

func (v *volatile) changed(c change) {
	v.waiting = append(v.waiting, c)
	first, last := v.waiting[:len(v.waiting)-1], v.waiting[len(v.waiting)-1]
	for _, left := range [][]change{
		v.waiting, {last}, v.waiting[1:], append(first[:len(first):len(first)], last.half(true)),
		append(first[:len(first):len(first)], last.half(false)), {last.half(true)}, {last.half(false)},
	} {
		d := bytes.Clone(v.medium)
		for _, c := range left {
			c.apply(d)
		}
		v.cut(d)
	}
}

func (v *volatile) WriteAt(p []byte, off int64) (int, error) {
	v.changed(change{off, int64(len(p)), bytes.Clone(p)})
	return v.memory.WriteAt(p, off)
}

func (v *volatile) Zero(off, n int64) error {
	v.changed(change{off: off, n: n})
	return v.memory.Zero(off, n)
}

func (v *volatile) Sync() error {
	for _, c := range v.waiting {
		c.apply(v.medium)
	}
	v.waiting = nil
	return nil
}

// Wherever the power is cut, a stick that held a system boots nothing, or the
// old one as it was, or the new one as it is in the end.
func TestCutAfterEveryWrite(t *testing.T) {
	img, _ := diskImage(t)
	before, after := used(), used()
	for _, disk := range []*memory{before, after} {
		if _, err := write(t, img, disk); err != nil {
			t.Fatal(err)
		}
	}
	img, _ = diskImage(t, "-t", "ext2")
	if _, err := write(t, img, after); err != nil {
		t.Fatal(err)
	}
	old, final := tableOf(t, before.d), tableOf(t, after.d)
	cuts, boots := 0, map[string]int{}
	disk := &volatile{memory: memory{d: bytes.Clone(before.d)}, medium: bytes.Clone(before.d)}
	disk.cut = func(d []byte) {
		cuts++
		table, err := gpt.Read(bytes.NewReader(d), diskSize)
		if err != nil {
			boots["nothing"]++
			return
		}
		want := map[string][]byte{old.GUID: before.d, final.GUID: after.d}[table.GUID]
		boots[table.GUID]++
		if !bytes.Equal(d[1<<20:diskSize-1<<20], want[1<<20:diskSize-1<<20]) {
			t.Errorf("cut %d: the disk has the table of %s, and other content", cuts, table.GUID)
		}
	}
	if _, err := write(t, img, disk); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(disk.medium, after.d) {
		t.Error("not all is on the medium in the end")
	}
	if boots["nothing"] < 10 || boots[old.GUID] == 0 || boots[final.GUID] == 0 {
		t.Errorf("%d cuts: %v", cuts, boots)
	}
	t.Logf("%d cuts, after which these boot: %v", cuts, boots)
}

func tableOf(t *testing.T, d []byte) *gpt.Table {
	t.Helper()
	table, err := gpt.Read(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	return table
}
