// Package sparse knows where a file has data and where it has holes, which read
// as zeros.
//
//	list, err := sparse.Data(file, size)
//	if sparse.Zero(block) { … } // to be left out
//	n, err := io.Copy(sparse.NewWriter(file), reader)
package sparse

import (
	"bytes"
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Range is the bytes from Start up to, but not with, End.
type Range struct{ Start, End int64 }

// Data lists where in the first size bytes of a file there is data, in order;
// the rest are holes. Where the system cannot tell, as of a device, all of it
// is data. The list is never nil. (lseek(2): SEEK_DATA, SEEK_HOLE.)
func Data(f *os.File, size int64) ([]Range, error) {
	list := []Range{}
	for at := int64(0); at < size; {
		start, err := f.Seek(at, unix.SEEK_DATA)
		switch {
		case errors.Is(err, unix.ENXIO): // nothing but a hole from here on
			return list, nil
		case errors.Is(err, unix.EINVAL): // a device, or a file system without holes
			return []Range{{0, size}}, nil
		case err != nil:
			return nil, err
		}
		if at, err = f.Seek(start, unix.SEEK_HOLE); err != nil {
			return nil, err
		}
		if start < size {
			list = append(list, Range{start, min(at, size)})
		}
	}
	return list, nil
}

// Zero tells whether b has nothing but zeros.
func Zero(b []byte) bool {
	var page [4096]byte
	for len(b) > len(page) {
		if !bytes.Equal(b[:len(page)], page[:]) {
			return false
		}
		b = b[len(page):]
	}
	return bytes.Equal(b, page[:len(b)])
}
