// Package compress reads the compressions that Linux uses for kernels,
// initramfs archives and modules.
//
//	f := compress.Detect(head)
//	r, err := compress.NewReader(f, file)
//
// One reader covers one stream whose end the caller knows; bytes after it are
// the caller's to cut off (Kbuild appends a 4-byte size to all kernel payloads
// but gzip).
package compress

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/mikelolasagasti/xz"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz/lzma"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/lzop"
)

// Format is the name of a compression as it appears in kernel.json.
type Format string

// The formats that Detect knows. LZ4 covers the frame and the legacy format;
// LZO is the container of lzop.
const (
	None  Format = "none"
	Gzip  Format = "gzip"
	Bzip2 Format = "bzip2"
	LZMA  Format = "lzma"
	XZ    Format = "xz"
	LZO   Format = "lzo"
	LZ4   Format = "lz4"
	Zstd  Format = "zstd"
)

// HeadSize is how many bytes Detect looks at.
const HeadSize = 6

// Detect names the compression by its first bytes, as the kernel's
// lib/decompress.c and the formats' own specifications have them; None when
// it is no known one.
func Detect(head []byte) Format {
	starts := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case starts("\x1f\x8b\x08"):
		return Gzip
	case starts("BZh"):
		return Bzip2
	case starts("\x5d\x00\x00"):
		return LZMA
	case starts("\xfd7zXZ\x00"):
		return XZ
	case starts("\x89LZO"):
		return LZO
	case starts("\x02\x21\x4c\x18"), starts("\x04\x22\x4d\x18"):
		return LZ4
	case starts("\x28\xb5\x2f\xfd"):
		return Zstd
	}
	return None
}

// DetectFile is Detect for a whole file, as NewFileReader reads it. A zstd file
// may begin with a frame to skip (RFC 8878, 3.1.2), as pzstd writes it, which
// the kernel does not know. LZ4 has the same, but no program begins a file so.
func DetectFile(head []byte) Format {
	if len(head) >= 4 && head[0]&0xf0 == 0x50 && string(head[1:4]) == "\x2a\x4d\x18" {
		return Zstd
	}
	return Detect(head)
}

// Unpacker is the program that unpacks a file of the format.
func (f Format) Unpacker() string {
	switch f {
	case Gzip:
		return "gunzip"
	case Bzip2:
		return "bunzip2"
	case LZMA:
		return "unlzma"
	case XZ:
		return "unxz"
	case LZO:
		return "lzop -d"
	case LZ4:
		return "unlz4"
	case Zstd:
		return "unzstd"
	}
	return ""
}

// IsZip tells whether head starts a zip, which is no stream but an archive.
func IsZip(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// maxWindow bounds what a stream may ask for. Kernels use zstd -22 --ultra,
// whose window is 128 MiB.
const maxWindow = 128 << 20

// NewReader decompresses one stream of format f. Errors of the stream are bad
// input; errors of reading r stay what they are.
func NewReader(f Format, r io.Reader) (io.ReadCloser, error) { return newReader(f, r, false) }

// NewFileReader decompresses a whole file: one stream after the other to the
// end, as gzip and xz do, of whatever programs compress in parts.
func NewFileReader(f Format, r io.Reader) (io.ReadCloser, error) { return newReader(f, r, true) }

func newReader(f Format, r io.Reader, all bool) (io.ReadCloser, error) {
	src := &source{r: r}
	z, err := decoder(f, bufio.NewReaderSize(src, 1<<16), all)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF // in the middle of a header
	}
	if err != nil {
		return nil, src.blame(f, err)
	}
	return &reader{f, src, z}, nil
}

// decoder stops behind the first stream of gzip or xz unless all are wanted.
// The other formats have no end that is not the file's.
func decoder(f Format, r io.Reader, all bool) (io.Reader, error) {
	switch f {
	case None:
		return r, nil
	case Gzip:
		z, err := gzip.NewReader(r)
		if err == nil {
			z.Multistream(all)
		}
		return z, err
	case Bzip2:
		return bzip2.NewReader(r), nil
	case LZMA:
		return lzma.ReaderConfig{DictCap: maxWindow}.NewReader(r)
	case XZ:
		z, err := xz.NewReader(r, maxWindow)
		if err == nil {
			z.Multistream(all)
		}
		return z, err
	case LZO:
		return lzop.NewReader(r)
	case LZ4:
		return lz4.NewReader(r), nil
	case Zstd:
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	}
	return nil, badinput.New("compression").Got("%s", f).Want("gzip, bzip2, lzma, xz, lzo, lz4, zstd or none")
}

// source remembers an error of the bytes' own reader, which decoders wrap or
// replace.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// blame tells a bad stream from a failing disk.
func (s *source) blame(f Format, err error) error {
	switch {
	case s.err != nil:
		return s.err
	case err == io.EOF:
		return err
	case badinput.Is(err):
		return err
	}
	return &Error{f, err}
}

type reader struct {
	f   Format
	src *source
	z   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.z.Read(p)
	if err != nil {
		err = r.src.blame(r.f, err)
	}
	return n, err
}

// Close frees what the decoder holds.
func (r *reader) Close() error {
	switch z := r.z.(type) {
	case *zstd.Decoder:
		z.Close()
	case io.Closer:
		return z.Close()
	}
	return nil
}

// Error is a stream that does not decompress.
type Error struct {
	Format Format
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("%s stream: %v", e.Format, e.Err) }

// Unwrap gives the decoder's own error.
func (e *Error) Unwrap() error { return e.Err }

// BadInput marks the error as the input's fault, see package badinput.
func (e *Error) BadInput() bool { return true }
