package writelog_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/writelog"
)

// record is a log as blklogwrites makes it, of a flush between two writes.
func record(sector int) []byte {
	var log []byte
	add := func(numbers ...uint64) {
		block := make([]byte, sector)
		for i, n := range numbers {
			binary.LittleEndian.PutUint64(block[8*i:], n)
		}
		log = append(log, block...)
	}
	add(0x6a736677736872, 1, 5, uint64(sector))
	add(8, 1, 0, 0)
	log = append(log, bytes.Repeat([]byte{'a'}, sector)...)
	add(0, 0, writelog.Flush, 0)
	add(3, 2, writelog.FUA, 0)
	log = append(log, bytes.Repeat([]byte{'b'}, 2*sector)...)
	add(100, 50, writelog.Discard, 0)
	add(0, 0, writelog.Mark, 5)
	return log
}

func TestOpen(t *testing.T) {
	for _, sector := range []int{512, 4096} {
		d := record(sector)
		log, err := writelog.Open(bytes.NewReader(d), int64(len(d)))
		if err != nil {
			t.Fatal(err)
		}
		var found []byte
		var writes []bool
		for _, e := range log.Entries {
			data, err := log.Data(e)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, data...)
			writes = append(writes, e.Writes())
		}
		if want := slices.Concat(bytes.Repeat([]byte{'a'}, sector), bytes.Repeat([]byte{'b'}, 2*sector)); !bytes.Equal(found, want) {
			t.Errorf("sectors of %d: the data is %q", sector, found)
		}
		if !slices.Equal(writes, []bool{true, false, true, false, false}) {
			t.Errorf("sectors of %d: entries with data: %v", sector, writes)
		}
		if e := log.Entries[2]; e.Off != 3*int64(sector) || e.Len != 2*int64(sector) || e.Flags != writelog.FUA {
			t.Errorf("sectors of %d: %+v", sector, e)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, change := range map[string]func(d []byte) []byte{
		"empty":            func([]byte) []byte { return nil },
		"no magic":         func(d []byte) []byte { d[0]++; return d },
		"another version":  func(d []byte) []byte { d[8]++; return d },
		"sectors of 513":   func(d []byte) []byte { d[24]++; return d },
		"one entry more":   func(d []byte) []byte { d[16]++; return d },
		"cut off":          func(d []byte) []byte { return d[:3*512] },
		"cut off in data":  func(d []byte) []byte { return d[:2*512+1] },
		"beyond all disks": func(d []byte) []byte { d[512+7] = 0x80; return d },
		"too long a mark":  func(d []byte) []byte { d[len(d)-512+26] = 1; return d },
	} {
		d := change(record(512))
		if _, err := writelog.Open(bytes.NewReader(d), int64(len(d))); !badinput.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(record(512))
	f.Add(record(4096))
	f.Fuzz(func(t *testing.T, d []byte) {
		testenv.Bounded(t, int64(8*len(d)), func() {
			log, err := writelog.Open(bytes.NewReader(d), int64(len(d)))
			if err != nil {
				if !badinput.Is(err) {
					t.Errorf("not blamed on the input: %v", err)
				}
				return
			}
			for _, e := range log.Entries {
				if _, err := log.Data(e); err != nil || e.Off < 0 || e.Len < 0 {
					t.Errorf("%+v: %v", e, err)
				}
			}
		})
	})
}
