package tartree

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
)

// GNU tar has four forms of sparse files, of which archive/tar reads the
// contents but tells nothing of the holes
// (https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html):
// in PAX records (0.0 and 0.1, which archive/tar makes one), in front of the
// content (1.0), and in the header and blocks behind it (GNU's own format).
const (
	sparsePrefix = "GNU.sparse."
	sparseMap    = sparsePrefix + "map"
	sparseMajor  = sparsePrefix + "major"
	sparseMinor  = sparsePrefix + "minor"
	blockSize    = 512
)

// isSparse tells whether an entry is a sparse file.
func isSparse(h *tar.Header) bool {
	if h.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for name := range h.PAXRecords {
		if strings.HasPrefix(name, sparsePrefix) {
			return true
		}
	}
	return false
}

// dataOf lists where in a sparse file there is data. Its headers are in front
// of byte pos of the archive, the first of them at start.
func dataOf(r io.ReaderAt, h *tar.Header, start, pos int64) ([]tree.Range, error) {
	var numbers []string
	version := h.PAXRecords[sparseMajor] + "." + h.PAXRecords[sparseMinor]
	switch {
	case h.Typeflag == tar.TypeGNUSparse:
		header, behind, err := headers(r, start, pos)
		if err != nil {
			return nil, err
		}
		numbers = gnuNumbers(header, behind)
	case version == "1.0":
		_, behind, err := headers(r, start, pos)
		if err != nil {
			return nil, err
		}
		numbers = strings.Split(string(bytes.TrimRight(behind, "\n\x00")), "\n")[1:] // the first is their count
	case h.PAXRecords[sparseMap] != "":
		numbers = strings.Split(h.PAXRecords[sparseMap], ",")
	default:
		return nil, badinput.New("sparse file").At(pos).Got("version %s", version).Want("0.0, 0.1 or 1.0")
	}
	return ranges(numbers, h.Size, pos)
}

// headers gives the main header of the entry whose first header is at start,
// and what is between that and pos.
func headers(r io.ReaderAt, start, pos int64) (header, behind []byte, err error) {
	if pos-start > maxHeaders {
		return nil, nil, badinput.New("headers of a sparse file").At(start).Got("%d bytes", pos-start).Want("at most %d", maxHeaders)
	}
	all := make([]byte, pos-start)
	if _, err := r.ReadAt(all, start); err != nil && err != io.EOF {
		return nil, nil, err
	}
	for len(all) >= blockSize {
		header, all = all[:blockSize], all[blockSize:]
		switch header[156] {
		case tar.TypeXHeader, tar.TypeXGlobalHeader, tar.TypeGNULongName, tar.TypeGNULongLink:
			size, err := strconv.ParseInt(strings.Trim(string(header[124:136]), " \x00"), 8, 64)
			size = (size + blockSize - 1) &^ (blockSize - 1)
			if err != nil || size < 0 || size > int64(len(all)) {
				return nil, nil, badinput.New("size of a header").At(pos-int64(len(all))).Got("%q", header[124:136]).Want("an octal number")
			}
			all = all[size:]
		default:
			return header, all, nil
		}
	}
	return nil, nil, badinput.New("headers of a sparse file").At(start).Got("%d bytes", pos-start).Want("a header among them")
}

// maxHeaders bounds what a list of holes can take: half a million of them.
const maxHeaders = 16 << 20

// gnuNumbers reads struct sparse: pairs of 12 bytes each, four in the header and
// 21 in each block behind it.
func gnuNumbers(header, behind []byte) (numbers []string) {
	fields := func(b []byte) {
		for ; len(b) >= 12 && b[0] != 0; b = b[12:] {
			numbers = append(numbers, gnuNumber(b[:12]))
		}
	}
	fields(header[386:][:4*24])
	for ; len(behind) >= blockSize; behind = behind[blockSize:] {
		fields(behind[:21*24])
	}
	return numbers
}

// gnuNumber gives an octal or, with the top bit set, a binary number in decimal.
func gnuNumber(b []byte) string {
	var n int64
	if b[0]&0x80 != 0 {
		for _, c := range b[4:] {
			n = n<<8 | int64(c)
		}
		return strconv.FormatInt(n, 10)
	}
	text := strings.Trim(string(b), " \x00")
	n, err := strconv.ParseInt(text, 8, 64)
	if err != nil {
		return text // which ranges refuses
	}
	return strconv.FormatInt(n, 10)
}

// ranges makes a list of numbers offsets and sizes.
func ranges(numbers []string, size, pos int64) ([]tree.Range, error) {
	list := []tree.Range{}
	end := int64(0)
	for ; len(numbers) >= 2; numbers = numbers[2:] {
		start, err1 := strconv.ParseInt(numbers[0], 10, 64)
		n, err2 := strconv.ParseInt(numbers[1], 10, 64)
		if err1 != nil || err2 != nil || start < end || n < 0 || n > size-start {
			return nil, badinput.New("data of a sparse file").At(pos).Got("%q bytes at %q", numbers[1], numbers[0]).
				Want("a part of its %d bytes, behind the one before", size)
		}
		if n > 0 {
			list = append(list, tree.Range{Start: start, Size: n})
		}
		end = start + n
	}
	if len(numbers) > 0 {
		return nil, badinput.New("data of a sparse file").At(pos).Got("an odd number of numbers").Want("pairs")
	}
	return list, nil
}

// checkEnd makes sure that the data is in the archive of size bytes, behind pos.
func checkEnd(list []tree.Range, pos, size int64) error {
	left := size - pos
	for _, d := range list {
		if left -= d.Size; left < 0 {
			return badinput.New("data of a sparse file").At(pos).Got("%d bytes too few", -left).Want("a whole archive")
		}
	}
	return nil
}

// sparse is the content of a sparse file: its data follows each other in the
// archive from pos on.
type sparse struct {
	r    io.ReaderAt
	data []tree.Range
	at   []int64 // where in the archive each of data is
	size int64
}

func newSparse(r io.ReaderAt, data []tree.Range, pos, size int64) *sparse {
	s := &sparse{r: r, data: data, at: make([]int64, len(data)), size: size}
	for i, d := range data {
		s.at[i] = pos
		pos += d.Size
	}
	return s
}

// Open gives the content with its holes, which can be skipped by seeking.
func (s *sparse) Open(string, int64, int64) (io.ReadCloser, error) {
	return &section{io.NewSectionReader(s, 0, s.size)}, nil
}

type section struct{ *io.SectionReader }

func (*section) Close() error { return nil }

// ReadAt reads data from the archive and zeros for holes.
func (s *sparse) ReadAt(b []byte, off int64) (int, error) {
	if off >= s.size {
		return 0, io.EOF
	}
	want := min(int64(len(b)), s.size-off)
	done := int64(0)
	for i := sort.Search(len(s.data), func(i int) bool { return s.data[i].Start+s.data[i].Size > off }); done < want; i++ {
		hole, n := want, int64(0)
		if i < len(s.data) {
			hole = min(want, max(done, s.data[i].Start-off))
			n = min(want, s.data[i].Start+s.data[i].Size-off) - hole
		}
		clear(b[done:hole])
		if done = hole; n <= 0 {
			continue
		}
		if got, err := s.r.ReadAt(b[done:done+n], s.at[i]+off+done-s.data[i].Start); int64(got) < n {
			return int(done) + got, fmt.Errorf("reading the archive: %w", err)
		}
		done += n
	}
	if done < int64(len(b)) {
		return int(done), io.EOF
	}
	return int(done), nil
}
