package diskimage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"shimboot/tools/internal/compress"
)

// OpenStream gives the bytes of a disk image from first to last: of a raw
// image, of the one in a zip, or of one compressed with zstd. Nothing is
// unpacked to a file. Raw is the file where the image is raw, to seek in. The
// stream ends with an error where the zip says more than Options allow, and
// with ctx.
func OpenStream(ctx context.Context, path string, o Options) (stream io.ReadCloser, raw *os.File, err error) {
	f, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	r, err := unpacker(f, path, o)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	s := &unpacking{ctx: ctx, r: f, path: path, limit: o.limit(), close: []io.Closer{f}}
	if r == nil {
		return s, f, nil
	}
	s.r, s.close = r, []io.Closer{r, f}
	return s, nil, nil
}

// unpacker gives nil for a raw image.
func unpacker(f *os.File, path string, o Options) (io.ReadCloser, error) {
	head := make([]byte, compress.HeadSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	switch head = head[:n]; {
	case compress.IsZip(head):
		member, err := onlyImage(f, size, o)
		if err != nil {
			return nil, err
		}
		r, err := member.Open()
		if err != nil {
			return nil, inflateError(zipName(path, member), err)
		}
		return r, nil
	case compress.Detect(head) == compress.Zstd:
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
