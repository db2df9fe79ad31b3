package powercut_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"shimboot/tools/internal/powercut"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/writelog"
)

const (
	sector  = 512
	sectors = 8
)

func logOf(t *testing.T, list []testenv.Request) *writelog.Log {
	t.Helper()
	d := testenv.WriteLog(list...)
	log, err := writelog.Open(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// memory is a disk.
type memory []byte

func (m memory) ReadAt(p []byte, off int64) (int, error)  { return copy(p, m[off:]), nil }
func (m memory) WriteAt(p []byte, off int64) (int, error) { return copy(m[off:], p), nil }

// content has a sign for each sector: who wrote it, 0 for nobody; ? for several.
func (m memory) content() (s []int) {
	for at := 0; at < len(m); at += sector {
		by := int(m[at])
		if !bytes.Equal(m[at:at+sector], bytes.Repeat(m[at:at+1], sector)) {
			by = -1
		}
		s = append(s, by)
	}
	return s
}

// apply is what the disk has when all of some requests were done.
func apply(list []testenv.Request) []int {
	s := make([]int, sectors)
	for i, r := range list {
		for n := range r.Count {
			s[r.First+n] = i + 1
		}
	}
	return s
}

// mayBe has what each sector may hold after a cut: what was sure, or what was
// written over it since.
func mayBe(list []testenv.Request, after, flushed int) []map[int]bool {
	may := make([]map[int]bool, sectors)
	for n, by := range apply(list[:flushed]) {
		may[n] = map[int]bool{by: true}
	}
	for i := flushed; i < after; i++ {
		for n := range list[i].Count {
			at := list[i].First + n
			if list[i].Flags&writelog.FUA != 0 {
				may[at] = map[int]bool{}
			}
			may[at][i+1] = true
		}
	}
	return may
}

func random(r *rand.Rand) []testenv.Request {
	list := make([]testenv.Request, r.IntN(12))
	for i := range list {
		count := 1 + r.IntN(3)
		list[i] = testenv.Request{First: r.IntN(sectors - count + 1), Count: count}
		switch r.IntN(5) {
		case 0:
			list[i] = testenv.Request{Flags: writelog.Flush}
		case 1:
			list[i].Flags = writelog.FUA
		}
	}
	return list
}

// Whatever was written: a state has what was made sure of, and of the rest what
// may be there; all of it where the state is the writes in their order.
func TestStates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	torn := false
	for range 300 {
		list := random(r)
		log := logOf(t, list)
		o := powercut.Options{Cuts: 30, Seed: r.Uint64(), Tear: sector}
		states := powercut.Plan(log, o)
		disk := make(memory, sectors*sector)
		replay := powercut.NewReplay(log, disk, o.Tear)
		for _, s := range states {
			flushed := powercut.LastFlush(log, s.After)
			err := replay.With(s, func() error {
				content := disk.content()
				for n, by := range content {
					if may := mayBe(list, s.After, flushed); !may[n][by] {
						return fmt.Errorf("sector %d is of %d, want one of %v", n, by, may[n])
					}
				}
				if s.How == "all" && !slices.Equal(content, apply(list[:s.After])) {
					return fmt.Errorf("the disk is %v, want %v", content, apply(list[:s.After]))
				}
				torn = torn || s.How[0] == 'a' && bytes.HasSuffix([]byte(s.How), []byte("torn"))
				return nil
			})
			if err != nil {
				t.Fatalf("%v, %v: %v", list, s, err)
			}
			// And it is gone again.
			if got := disk.content(); !slices.Equal(got, apply(list[:flushed])) {
				t.Fatalf("%v, %v: the disk is %v then, want %v", list, s, got, apply(list[:flushed]))
			}
		}
		if again := powercut.Plan(log, o); fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", states) {
			t.Errorf("%v: the same seed chooses others", list)
		}
	}
	if !torn {
		t.Error("no write was torn")
	}
}

// What matters may lie between two flushes that are close to each other: a state
// with either of two writes missing is found, in a log of many other writes.
func TestFindsWhatIsNotFlushed(t *testing.T) {
	list := []testenv.Request{{First: 0, Count: 1}, {First: 1, Count: 1}, {Flags: writelog.Flush}}
	for range 200 {
		list = append(list, testenv.Request{First: 2, Count: 1})
	}
	log := logOf(t, list)
	disk := make(memory, sectors*sector)
	replay := powercut.NewReplay(log, disk, sector)
	found := map[string]bool{}
	for _, s := range powercut.Plan(log, powercut.Options{Cuts: 60, Seed: 1, Tear: sector}) {
		if err := replay.With(s, func() error { found[fmt.Sprint(disk.content()[:2])] = true; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"[0 0]", "[1 0]", "[0 2]", "[1 2]"} {
		if !found[want] {
			t.Errorf("%s is not among %v", want, found)
		}
	}
}

// No disk is looked at twice.
func TestNoTwoAreTheSame(t *testing.T) {
	log := logOf(t, []testenv.Request{{First: 0, Count: 1}, {First: 1, Count: 3}, {Flags: writelog.Flush}, {First: 4, Count: 1}, {First: 5, Count: 2}})
	disk := make(memory, sectors*sector)
	replay := powercut.NewReplay(log, disk, sector)
	states := powercut.Plan(log, powercut.Options{Cuts: 1000, Seed: 1, Tear: sector})
	seen := map[string]powercut.State{}
	for _, s := range states {
		err := replay.With(s, func() error {
			content := fmt.Sprint(disk.content())
			if other, ok := seen[content]; ok {
				return fmt.Errorf("the disk is %s, as in: %v", content, other)
			}
			seen[content] = s
			return nil
		})
		if err != nil {
			t.Errorf("%v: %v", s, err)
		}
	}
	// Either write or both or none, and six ways to tear the longer one; then the
	// same with two ways, and none is what was all before.
	if len(states) != 4+6+3+2 {
		t.Errorf("%d states, want 15", len(states))
	}
}

// The states of flushes are what each has made sure of, and the end.
func TestFlushed(t *testing.T) {
	list := []testenv.Request{{First: 0, Count: 1}, {Flags: writelog.Flush}, {First: 1, Count: 1}, {First: 2, Count: 1, Flags: writelog.FUA}, {Flags: writelog.Flush}, {First: 3, Count: 1}}
	log := logOf(t, list)
	disk := make(memory, sectors*sector)
	replay := powercut.NewReplay(log, disk, sector)
	var got []string
	for _, s := range powercut.Flushed(log) {
		if err := replay.With(s, func() error { got = append(got, fmt.Sprint(disk.content()[:4])); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"[1 0 0 0]", "[1 3 4 0]", "[1 3 4 6]"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if err := replay.With(powercut.State{}, func() error { return nil }); err == nil {
		t.Error("goes back")
	}
}
