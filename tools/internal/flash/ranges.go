package flash

// Range is the bytes from Start up to, but not with, End.
type Range struct{ Start, End int64 }

// Ranges are in order and do not touch each other.
type Ranges []Range

// Add appends a range that starts no earlier than the last one ends, less
// what they share.
func (r Ranges) Add(x Range) Ranges {
	if n := len(r); n > 0 && x.Start <= r[n-1].End {
		r[n-1].End = max(r[n-1].End, x.End)
		return r
	}
	if x.End <= x.Start {
		return r
	}
	return append(r, x)
}

// Minus is what is in r and not in other.
func (r Ranges) Minus(other Ranges) Ranges {
	var out Ranges
	for _, x := range r {
		for len(other) > 0 && other[0].End <= x.Start {
			other = other[1:]
		}
		for _, o := range other {
			if o.Start >= x.End {
				break
			}
			if o.Start > x.Start {
				out = append(out, Range{x.Start, o.Start})
			}
			x.Start = min(o.End, x.End)
		}
		if x.Start < x.End {
			out = append(out, x)
		}
	}
	return out
}

// Size sums up the bytes.
func (r Ranges) Size() int64 {
	var n int64
	for _, x := range r {
		n += x.End - x.Start
	}
	return n
}
