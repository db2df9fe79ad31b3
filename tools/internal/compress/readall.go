package compress

import (
	"io"
	"math"
	"slices"

	"shimboot/tools/internal/badinput"
)

// LimitError is input whose content, decompressed where it is compressed, takes
// more than the caller allows. Who trusts it may allow more.
type LimitError struct{ Err *badinput.Error }

func (e *LimitError) Error() string { return e.Err.Error() }

// Unwrap gives the error that blames the input.
func (e *LimitError) Unwrap() error { return e.Err }

// ReadAll decompresses src into memory, at most limit bytes.
func ReadAll(f Format, src io.Reader, limit int64) ([]byte, error) {
	return ReadSized(f, src, 0, limit)
}

// ReadSized is ReadAll for a stream that is said to have size bytes. It need
// not be true; where it is, no more memory than that is taken.
func ReadSized(f Format, src io.Reader, size, limit int64) ([]byte, error) {
	r, err := NewReader(f, src)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	limit = min(limit, math.MaxInt64-1)
	out, err := Collect(r, max(min(size, largestSize), 0), limit)
	if err != nil {
		return nil, err
	}
	if int64(len(out)) > limit {
		return nil, &LimitError{badinput.New("decompressed %s stream", f).Got("more than %d bytes", limit).Want("at most that")}
	}
	return out, nil
}

const (
	// largestSize bounds what a size that may be a lie can take.
	largestSize = 256 << 20

	firstPart = 64 << 10
	// largestPart bounds what is taken in advance. Growing one buffer instead
	// would hold it twice at each step, and leave as much behind as garbage.
	largestPart = 8 << 20
	// largestJoin bounds what is held twice, as parts and joined.
	largestJoin = 64 << 20
)

// Collect reads r to its end, or limit+1 bytes if there are more. Where they
// are as many as size, or few, no more memory than that is taken; with an
// error come the bytes before it.
func Collect(r io.Reader, size, limit int64) ([]byte, error) {
	size = min(size, limit)
	enough := min(limit, max(size, largestJoin))
	parts, total, err := read(r, size, enough)
	out := joined(parts, total)
	for err == nil && total > enough && total <= limit {
		// Of a large slice the system gives only what is written to.
		larger := make([]byte, min(16*total, limit+1))
		var n int
		n, err = io.ReadFull(r, larger[copy(larger, out):])
		total += int64(n)
		out, enough = larger[:total:total], int64(len(larger))-1
	}
	return out, ended(err)
}

// joined spares the copy where the first part is all there is.
func joined(parts [][]byte, total int64) []byte {
	if len(parts) > 0 && int64(len(parts[0])) == total {
		return parts[0]
	}
	return slices.Concat(parts...)
}

// ended makes the end of r, whose own errors are others, no error.
func ended(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}

// read gives what r has in parts, the first of them of size bytes, and stops
// when they have more than limit.
func read(r io.Reader, size, limit int64) (parts [][]byte, total int64, err error) {
	next := size
	if next == 0 {
		next = firstPart
	}
	for total <= limit && err == nil {
		part := make([]byte, min(next, limit+1-total))
		var n int
		n, err = io.ReadFull(r, part)
		parts, total = append(parts, part[:n:n]), total+int64(n)
		next = firstPart
		if total > size {
			next = min(max(total, firstPart), largestPart)
		}
	}
	return parts, total, err
}
