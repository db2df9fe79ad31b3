package lzop_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/lzop"
	"shimboot/tools/internal/testenv"
)

// content has text that compresses, noise that does not and long zeros.
func content(n int) []byte {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var b bytes.Buffer
	for b.Len() < n {
		switch r.IntN(3) {
		case 0:
			for i := range 400 {
				fmt.Fprintf(&b, "%d \xe8%d\n", i*r.IntN(100), i)
			}
		case 1:
			noise := make([]byte, r.IntN(60000))
			for i := range noise {
				noise[i] = byte(r.Uint32())
			}
			b.Write(noise)
		default:
			b.Write(make([]byte, r.IntN(90000)))
		}
	}
	return b.Bytes()[:n]
}

// pack gives what the real program makes of d.
func pack(t testing.TB, d []byte, args ...string) []byte {
	t.Helper()
	file := testenv.Write(t, "plain", d)
	testenv.Run(t, "lzop", append(args, "-o", file+".lzo", file)...)
	return testenv.Read(t, file+".lzo")
}

// headerEnd is where the header's checksum is; the file's name is "plain".
func headerEnd(d []byte) int { return bytes.Index(d, []byte("plain")) + len("plain") }

// reflag gives a file other flags and a header checksum to match.
func reflag(d []byte, flags uint32) []byte {
	binary.BigEndian.PutUint32(d[17:], flags)
	end := headerEnd(d)
	binary.BigEndian.PutUint32(d[end:], adler32.Checksum(d[len("\x89LZO\x00\r\n\x1a\n"):end]))
	return d
}

// filtered makes a file say that a filter was used, which adds a field.
func filtered(d []byte) []byte {
	return reflag(slices.Insert(d, 21, 0, 0, 0, 1), 0x3000801)
}

// repack gives the blocks of an Adler-32 file all four checksums, which no
// option of today's lzop does, and the header an extra field.
func repack(d []byte) []byte {
	var b bytes.Buffer
	end := headerEnd(d) + 4
	b.Write(reflag(bytes.Clone(d[:end]), 1<<0|1<<1|1<<6|1<<8|1<<9))
	b.WriteString("\x00\x00\x00\x02xysum!")
	plain, _ := unpack(d)
	word := func(at int) uint32 { return binary.BigEndian.Uint32(d[at:]) }
	put := func(v uint32) { binary.Write(&b, binary.BigEndian, v) }
	for at := end; word(at) != 0; {
		size, packed := word(at), word(at+4)
		data := d[at+12:][:packed]
		b.Write(d[at : at+12])
		put(crc32.ChecksumIEEE(plain[:size]))
		if packed < size {
			put(adler32.Checksum(data))
			put(crc32.ChecksumIEEE(data))
		}
		b.Write(data)
		plain, at = plain[size:], at+12+int(packed)
	}
	put(0)
	return b.Bytes()
}

func TestEveryChecksum(t *testing.T) {
	plain := content(2 << 20)
	d := repack(pack(t, plain, "-9"))
	if got, err := unpack(d); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	first := headerEnd(d) + 4 + 10 + 8
	for i := range 4 {
		bad := bytes.Clone(d)
		bad[first+4*i] ^= 1
		if _, err := unpack(bad); !badinput.Is(err) || !strings.Contains(err.Error(), "lzop block checksum") {
			t.Errorf("checksum %d: %v", i, err)
		}
	}
}

func unpack(d []byte) ([]byte, error) {
	r, err := lzop.NewReader(bytes.NewReader(d))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestReadsWhatLzopWrites(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 4, 17, 238, 239, 4096, 256<<10 - 1, 256 << 10, 256<<10 + 1, 1 << 20, 3<<20 + 7} {
		plain := content(n)
		for _, args := range []string{"-1", "-3", "-7", "-9", "-9 -F", "-9 -C", "-9 --crc32 -C", "-8 --crc32", "-2 -N", "-9 -n"} {
			got, err := unpack(pack(t, plain, strings.Fields(args)...))
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%d bytes, lzop %s: %d bytes, %v", n, args, len(got), err)
			}
		}
	}
}

// What follows is the caller's: Kbuild's size word, say.
func TestStopsAtTheEndMark(t *testing.T) {
	src := bytes.NewReader(append(pack(t, content(300000), "-9"), "after"...))
	r, err := lzop.NewReader(src)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, iotest.OneByteReader(r)); err != nil || n != 300000 {
		t.Errorf("%d bytes, %v", n, err)
	}
	if rest, _ := io.ReadAll(src); string(rest) != "after" {
		t.Errorf("left %q", rest)
	}
}

func TestRefusals(t *testing.T) {
	good := pack(t, content(300000), "-9")
	name := bytes.Index(good, []byte("plain"))
	block := name + len("plain") + 4
	for test, c := range map[string]struct {
		change func(d []byte) []byte
		want   string
	}{
		"magic":           {func(d []byte) []byte { d[1] = 'l'; return d }, "lzop magic at offset 0"},
		"method":          {func(d []byte) []byte { d[15] = 9; return d }, "lzop method at offset 15: found 9"},
		"name":            {func(d []byte) []byte { d[name] ^= 1; return d }, "lzop header checksum at offset"},
		"flags":           {func(d []byte) []byte { d[19] ^= 1; return d }, "lzop header checksum"},
		"filter":          {func(d []byte) []byte { return filtered(d) }, "flags 0x3000801: a filter"},
		"several parts":   {func(d []byte) []byte { return reflag(d, 1<<10) }, "a filter or one part"},
		"extra too long":  {func(d []byte) []byte { return reflag(d, 1<<6) }, "lzop extra field at offset"},
		"block too long":  {func(d []byte) []byte { d[block] = 1; return d }, fmt.Sprintf("lzop block at offset %d: found 17039360 bytes", block)},
		"packed too long": {func(d []byte) []byte { d[block+4] = 1; return d }, "packed to no more"},
		"checksum":        {func(d []byte) []byte { d[block+8] ^= 1; return d }, "lzop block checksum (Adler-32) at offset"},
		"content":         {func(d []byte) []byte { d[block+300] ^= 0x10; return d }, "lzop block"},
		"cut off":         {func(d []byte) []byte { return d[:len(d)/2] }, "bytes up to the end"},
		"no end mark":     {func(d []byte) []byte { return d[:len(d)-4] }, "found 0 bytes up to the end, want 4"},
		"header only":     {func(d []byte) []byte { return d[:20] }, "lzop header at offset"},
		"empty":           {func([]byte) []byte { return nil }, "lzop magic at offset 0"},
	} {
		t.Run(test, func(t *testing.T) {
			_, err := unpack(c.change(bytes.Clone(good)))
			if err == nil || !badinput.Is(err) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want bad input about %q", err, c.want)
			}
		})
	}
}

func TestReadErrorsStayWhatTheyAre(t *testing.T) {
	broken := errors.New("disk on fire")
	good := pack(t, content(300000), "-9")
	for _, n := range []int{0, 10, 40, 1000} {
		r, err := lzop.NewReader(io.MultiReader(bytes.NewReader(good[:n]), iotest.ErrReader(broken)))
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if !errors.Is(err, broken) || badinput.Is(err) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	plain := content(8 << 20)
	packed := pack(b, plain, "-9")
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		if _, err := unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}
