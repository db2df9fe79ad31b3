package compress_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/testenv"
)

// commands make each format the way Kbuild does (scripts/Makefile.lib), the
// BCJ filter of x86 kernels included.
func commands() map[compress.Format]string {
	return map[compress.Format]string{
		compress.Gzip:  "gzip -n -9 -c %s",
		compress.Bzip2: "bzip2 -9 -c %s",
		compress.LZMA:  "xz --format=lzma -9 -c %s",
		compress.XZ:    "xz --check=crc32 --x86 --lzma2=dict=32MiB -c %s",
		compress.LZO:   "lzop -9 -c %s",
		compress.LZ4:   "lz4 -l -9 -c %s",
		compress.Zstd:  "zstd -22 --ultra -q -c %s",
	}
}

func sample() []byte {
	var b bytes.Buffer
	for i := range 50000 {
		fmt.Fprintf(&b, "%d \xe8%d\n", i*i, i)
	}
	return b.Bytes()
}

func TestReadsWhatTheRealProgramsWrite(t *testing.T) {
	plain := sample()
	file := testenv.Write(t, "plain", plain)
	for format, command := range commands() {
		t.Run(string(format), func(t *testing.T) {
			packed := file + "." + string(format)
			testenv.Run(t, "sh", "-c", fmt.Sprintf(command, file)+" > "+packed)
			d := testenv.Read(t, packed)
			if got := compress.Detect(d); got != format {
				t.Fatalf("detected %s", got)
			}
			out, err := compress.ReadAll(format, bytes.NewReader(d), int64(len(plain)))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(out, plain) {
				t.Error("other content came out")
			}
			for _, size := range []int{-1, 1, len(plain) - 1, len(plain), len(plain) + 1, 300 << 20} {
				out, err := compress.ReadSized(format, bytes.NewReader(d), int64(size), math.MaxInt64)
				if err != nil || !bytes.Equal(out, plain) {
					t.Errorf("said to be %d bytes: %v, or other content", size, err)
				}
			}
			if _, err := compress.ReadAll(format, bytes.NewReader(d), int64(len(plain))-1); !badinput.Is(err) {
				t.Errorf("over the limit: %v, want bad input", err)
			}
			if _, err := compress.ReadAll(format, bytes.NewReader(d[:len(d)/2]), 1<<30); !badinput.Is(err) {
				t.Errorf("cut in half: %v, want bad input", err)
			}
		})
	}
}

// More than is held in parts goes on in one piece.
func TestCollectManyBytes(t *testing.T) {
	const size = 130 << 20
	for _, limit := range []int64{size - 1, size, 1 << 40} {
		counting := &counter{left: size}
		out, err := compress.Collect(counting, 0, limit)
		if err != nil || int64(len(out)) != min(size, limit+1) {
			t.Fatalf("limit %d: %d bytes, %v", limit, len(out), err)
		}
		for i, c := range out {
			if c != byte(i%251) {
				t.Fatalf("limit %d: another byte at %d", limit, i)
			}
		}
	}
}

// counter gives left bytes, each its own offset modulo 251.
type counter struct{ at, left int64 }

func (c *counter) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	n := int(min(c.left, int64(len(p))))
	for i := range p[:n] {
		p[i] = byte((c.at + int64(i)) % 251)
	}
	c.at, c.left = c.at+int64(n), c.left-int64(n)
	return n, nil
}

func TestUnknownIsRefusedByName(t *testing.T) {
	_, err := compress.ReadAll("arj", strings.NewReader("\x60\xea"), 1)
	if err == nil || !strings.Contains(err.Error(), "found arj") {
		t.Errorf("%v, want a refusal that names it", err)
	}
}

// A failing disk is not the stream's fault.
func TestReadErrorsAreNotBadInput(t *testing.T) {
	broken := errors.New("disk on fire")
	for format := range commands() {
		_, err := compress.ReadAll(format, iotest.ErrReader(broken), 1)
		if !errors.Is(err, broken) || badinput.Is(err) {
			t.Errorf("%s: %v, want the disk's own error", format, err)
		}
	}
}

// pzstd begins each part of a file with a frame that says how long it is.
func TestFileThatBeginsWithAFrameToSkip(t *testing.T) {
	file := testenv.Write(t, "plain", []byte("part\n"))
	packed := testenv.Run(t, "sh", "-c", fmt.Sprintf(commands()[compress.Zstd], file))
	for first := byte(0x50); first <= 0x5f; first++ {
		d := append([]byte{first, 0x2a, 0x4d, 0x18, 5, 0, 0, 0}, "hello"+packed...)
		if got := compress.DetectFile(d[:compress.HeadSize]); got != compress.Zstd {
			t.Fatalf("%x: %s", first, got)
		}
		r, err := compress.NewFileReader(compress.Zstd, bytes.NewReader(d))
		if err != nil {
			t.Fatal(err)
		}
		if out, err := io.ReadAll(r); err != nil || string(out) != "part\n" {
			t.Errorf("%x: %q, %v", first, out, err)
		}
		if got := compress.Detect(d); got != compress.None {
			t.Errorf("%x: as the kernel sees it: %s", first, got)
		}
	}
	for _, d := range []string{"", "\x50\x2a\x4d", "\x60\x2a\x4d\x18", "\x50\x2a\x4d\x19"} {
		if got := compress.DetectFile([]byte(d)); got != compress.None {
			t.Errorf("%q: %s", d, got)
		}
	}
	if got := compress.DetectFile([]byte(packed)); got != compress.Zstd {
		t.Errorf("without one: %s", got)
	}
}

// A file of several streams, as parallel compressors write them.
func TestReadsAllStreamsOfAFile(t *testing.T) {
	file := testenv.Write(t, "plain", []byte("part\n"))
	for _, format := range []compress.Format{compress.Gzip, compress.XZ, compress.Zstd, compress.Bzip2} {
		var packed []byte
		for range 3 {
			packed = append(packed, testenv.Run(t, "sh", "-c", fmt.Sprintf(commands()[format], file))...)
		}
		r, err := compress.NewFileReader(format, bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		if out, err := io.ReadAll(r); err != nil || string(out) != "part\npart\npart\n" {
			t.Errorf("%s: %q, %v", format, out, err)
		}
	}
}
