package flash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/diskimage"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/sparse"
)

// Source is an image to write: raw, or unpacked as it is read.
type Source struct {
	Head  *gpt.Head
	Table *gpt.Table

	stream *diskimage.Stream
	raw    *os.File // to skip holes in; nil where it is compressed
	first  []byte   // what was read of the stream to know the table
	data   Ranges   // not yet read
	total  int64
	given  []string // GUIDs that the image has, and the disk will not
}

// Open opens an image, or the zip or zstd file of one, and checks what
// firmware looks for first: a table by its rules, with a kernel to boot and a
// root behind that. What is cut off is refused here; damage shows when it is
// read, for which there is Check.
func Open(ctx context.Context, path string) (*Source, error) {
	stream, err := diskimage.OpenStream(ctx, path, diskimage.Options{})
	if err != nil {
		return nil, err
	}
	s := &Source{stream: stream, raw: stream.Raw}
	if err := s.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), stream.Close())
	}
	return s, nil
}

// Close frees what Open took.
func (s *Source) Close() error { return s.stream.Close() }

// Size is the image's, in bytes.
func (s *Source) Size() int64 { return s.Head.Size() }

func (s *Source) open() error {
	head := make([]byte, gpt.HeadSize)
	n, err := io.ReadFull(s.stream, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	s.first = head[:n]
	if s.Head, err = gpt.ReadHead(s.first); err != nil {
		return err
	}
	if s.Table, err = s.Head.Table(); err != nil {
		return err
	}
	kernel, err := s.Table.Kernel()
	if err != nil {
		return err
	}
	if _, err := s.Table.RootOf(kernel); err != nil {
		return err
	}
	if size := s.stream.Size; size >= 0 && size < s.Size() {
		return cutOff("%d bytes", size, s.Size())
	}
	s.data = Ranges{{0, s.Size()}}
	if s.raw != nil {
		s.data, err = dataOf(s.raw, s.Size())
	}
	s.total = s.data.Size()
	return err
}

func cutOff(found string, at, size int64) error {
	return badinput.New("image").Got(found, at).
		Want("%d bytes, as its partition table says", size).Fix("the image is cut off: fetch it again")
}

// OwnGUIDs gives the disk that is written GUIDs of its own, made of random
// bytes, so that two sticks of one image can be told apart.
func (s *Source) OwnGUIDs(random io.Reader) error {
	head, err := s.Head.WithGUIDs(random)
	if err != nil {
		return err
	}
	table, err := head.Table()
	if err != nil {
		return err
	}
	s.given = s.Head.GUIDs()
	s.Head, s.Table = head, table
	return nil
}

// dataOf finds what is not a hole, in whole blocks.
func dataOf(f *os.File, size int64) (Ranges, error) {
	found, err := sparse.Data(f, size)
	if err != nil {
		return nil, err
	}
	var data Ranges
	for _, x := range found {
		data = data.Add(Range{x.Start &^ (block - 1), min((x.End+block-1)&^(block-1), size)})
	}
	return data, nil
}

// next fills buf with what comes next and says where in the image that was;
// what is skipped is zeros. It ends with io.EOF.
func (s *Source) next(buf []byte) (off int64, n int, err error) {
	if len(s.data) == 0 {
		return 0, 0, s.end()
	}
	r := &s.data[0]
	off = r.Start
	buf = buf[:min(int64(len(buf)), r.End-r.Start)]
	if r.Start += int64(len(buf)); r.Start == r.End {
		s.data = s.data[1:]
	}
	if s.raw != nil {
		n, err = s.raw.ReadAt(buf, off)
	} else {
		n = copy(buf, s.first)
		s.first = s.first[n:]
		var more int
		more, err = io.ReadFull(s.stream, buf[n:])
		n += more
	}
	if n < len(buf) && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return 0, 0, cutOff("its end at byte %d", off+int64(n), s.Size())
	}
	if n == len(buf) {
		err = nil
	}
	return off, n, err
}

// end reads what is behind the image: a zip's checksum comes with the end.
func (s *Source) end() error {
	if s.raw == nil {
		if _, err := io.Copy(io.Discard, s.stream); err != nil {
			return err
		}
	}
	return io.EOF
}
