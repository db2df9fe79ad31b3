package diskimage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"shimboot/tools/internal/compress"
)

// Stream is the bytes of a disk image from first to last: of a raw image, of the
// one in a zip, or of one compressed with zstd. Nothing is unpacked to a file.
// It ends with an error where there is more than Options allow, and with its
// context.
type Stream struct {
	Raw    *os.File // the file where the image is raw, to seek in; else nil
	Size   int64    // of the image, in bytes; -1 where a zstd file does not say
	Packed int64    // of the file, in bytes

	unpacking
}

// OpenStream opens path. That it is cut off is found here, whatever it is: a
// zip's directory is at its end, and a zstd file says how long its parts are.
// That bytes are damaged shows when they are read, of a zip or a zstd file with
// a checksum at the latest in the end; a raw image has none.
func OpenStream(ctx context.Context, path string, o Options) (*Stream, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	s := &Stream{unpacking: unpacking{ctx: ctx, r: f, path: path, limit: o.limit(), close: []io.Closer{f}}}
	r, err := s.unpacker(f, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	if r == nil {
		s.Raw, s.Size = f, s.Packed
	} else {
		s.r, s.close = r, []io.Closer{r, f}
	}
	return s, nil
}

// unpacker gives nil for a raw image.
func (s *Stream) unpacker(f *os.File, o Options) (io.ReadCloser, error) {
	head := make([]byte, compress.HeadSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if s.Packed, err = f.Seek(0, io.SeekEnd); err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	switch head = head[:n]; {
	case compress.IsZip(head):
		member, err := onlyImage(f, s.Packed, o)
		if err != nil {
			return nil, err
		}
		r, err := member.Open()
		if err != nil {
			return nil, inflateError(zipName(s.path, member), err)
		}
		s.Size = int64(member.UncompressedSize64)
		return r, nil
	case compress.DetectFile(head) == compress.Zstd:
		if s.Size, err = zstdSize(f, s.Packed); err != nil {
			return nil, err
		}
		return compress.NewReader(compress.Zstd, f)
	}
	return nil, nil
}

type unpacking struct {
	ctx   context.Context
	r     io.Reader
	path  string
	done  int64
	limit int64
	close []io.Closer
}

func (s *unpacking) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	if s.done += int64(n); s.done > s.limit {
		return 0, fmt.Errorf("%s: %w", s.path, tooLarge(uint64(s.done), s.limit))
	}
	if err != nil && err != io.EOF {
		err = inflateError(s.path, err)
	}
	return n, err
}

func (s *unpacking) Close() error {
	var err error
	for _, c := range s.close {
		err = errors.Join(err, c.Close())
	}
	return err
}
