package flash

import (
	"slices"
	"testing"
)

func TestRanges(t *testing.T) {
	all := Ranges{{0, 10}, {20, 30}, {40, 50}}
	for name, test := range map[string]struct {
		minus, want Ranges
	}{
		"nothing":       {nil, all},
		"everything":    {Ranges{{0, 50}}, nil},
		"in the middle": {Ranges{{2, 3}, {5, 6}}, Ranges{{0, 2}, {3, 5}, {6, 10}, {20, 30}, {40, 50}}},
		"over a gap":    {Ranges{{5, 25}}, Ranges{{0, 5}, {25, 30}, {40, 50}}},
		"over two":      {Ranges{{15, 45}}, Ranges{{0, 10}, {45, 50}}},
		"between":       {Ranges{{10, 20}}, all},
		"behind":        {Ranges{{60, 70}}, all},
	} {
		if got := all.Minus(test.minus); !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	var r Ranges
	for _, x := range []Range{{0, 4}, {4, 6}, {5, 9}, {12, 13}, {13, 13}} {
		r = r.Add(x)
	}
	if want := (Ranges{{0, 9}, {12, 13}}); !slices.Equal(r, want) || r.Size() != 10 {
		t.Errorf("%v of %d bytes, want %v", r, r.Size(), want)
	}
}
