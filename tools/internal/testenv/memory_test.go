package testenv

import "testing"

// failing notes that a test failed.
type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Errorf(string, ...any) { f.failed = true }

func TestBounded(t *testing.T) {
	for name, test := range map[string]struct {
		size, output int
		fails        bool
	}{
		"a little":            {1 << 20, 0, false},
		"much, and all of it": {400 << 20, 0, true},
		"as much as declared": {400 << 20, 400 << 20, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := &failing{TB: t}
			Bounded(f, int64(test.output), func() {
				d := make([]byte, test.size)
				for i := 0; i < len(d); i += 4096 {
					d[i] = 1 // memory that nobody writes to is not taken
				}
			})
			if f.failed != test.fails {
				t.Errorf("fails: %v", f.failed)
			}
		})
	}
}
