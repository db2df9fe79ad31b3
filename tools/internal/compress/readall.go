package compress

import (
	"io"
	"math"
	"slices"

	"shimboot/tools/internal/badinput"
)

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
	parts, total, err := Collect(r, max(min(size, limit, largestSize), 0), limit)
	if err != nil {
		return nil, err
	}
	if total > limit {
		return nil, badinput.New("decompressed %s stream", f).Got("more than %d bytes", limit).
			Want("at most that").Fix("raise --max-size if the input is to be trusted")
	}
	if len(parts) > 0 && int64(len(parts[0])) == total {
		return parts[0], nil
	}
	return slices.Concat(parts...), nil
}

const (
	// largestSize bounds what a size that may be a lie can take.
	largestSize = 256 << 20

	firstPart = 64 << 10
	// largestPart bounds what is taken in advance. Growing one buffer instead
	// would hold it twice at each step, and leave as much behind as garbage.
	largestPart = 8 << 20
)

// Collect reads r to its end in parts, the first of them of size bytes, and
// stops when they have more than limit. With an error come those before it.
func Collect(r io.Reader, size, limit int64) (parts [][]byte, total int64, err error) {
	next := size
	if next == 0 {
		next = firstPart
	}
	for total <= limit {
		part := make([]byte, min(next, limit+1-total))
		n, err := io.ReadFull(r, part)
		parts, total = append(parts, part[:n:n]), total+int64(n)
		if err == io.EOF || err == io.ErrUnexpectedEOF { // of r, whose own errors are others
			return parts, total, nil
		}
		if err != nil {
			return parts, total, err
		}
		next = firstPart
		if total > size {
			next = min(max(total, firstPart), largestPart)
		}
	}
	return parts, total, nil
}
