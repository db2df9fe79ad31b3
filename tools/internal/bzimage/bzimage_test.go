package bzimage_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/bzimage"
	"shimboot/tools/internal/testenv"
)

// realMode makes a real-mode part of two sectors with a header in it.
func realMode() []byte {
	d := make([]byte, 1024)
	d[0x1f1] = 1
	binary.LittleEndian.PutUint16(d[0x1fe:], 0xaa55)
	copy(d[0x202:], "HdrS")
	binary.LittleEndian.PutUint16(d[0x206:], 0x020c)
	binary.LittleEndian.PutUint16(d[0x20e:], 0x100)
	copy(d[0x300:], "6.1.0 (test)\x00")
	binary.LittleEndian.PutUint32(d[0x248:], 100)
	binary.LittleEndian.PutUint32(d[0x24c:], 50)
	return d
}

// A kernel of ChromeOS: where we say the payload is, gzip finds as many bytes
// as its trailer tells.
func TestRealKernel(t *testing.T) {
	file := testenv.VbootData(t, "vmlinuz-amd64.bin")
	d := testenv.Read(t, file)
	h, err := bzimage.Parse(d)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(h.Version, "3.8.11 (chrome-bot@") || h.Protocol != 0x020c {
		t.Errorf("%+v", h)
	}
	payload, err := h.Payload(bytes.NewReader(d[h.SetupSize:]), int64(len(d))-h.SetupSize)
	if err != nil {
		t.Fatal(err)
	}
	trailer, err := bzimage.SizeTrailer(payload)
	if err != nil {
		t.Fatal(err)
	}
	start, length := h.SetupSize+h.PayloadOffset+1, h.PayloadLength
	size := testenv.Run(t, "sh", "-c", `tail -c "+$2" "$1" | head -c "$3" | gzip -dc | wc -c`, "sh", file,
		strconv.FormatInt(start, 10), strconv.FormatInt(length, 10))
	if want, err := strconv.Atoi(strings.TrimSpace(size)); err != nil || int(trailer) != want {
		t.Errorf("the trailer says %d bytes, gzip finds %s", trailer, size)
	}
}

func TestHeader(t *testing.T) {
	h, err := bzimage.Parse(realMode())
	if err != nil {
		t.Fatal(err)
	}
	if want := (bzimage.Header{Protocol: 0x020c, SetupSize: 1024, PayloadOffset: 100, PayloadLength: 50, Version: "6.1.0 (test)"}); *h != want {
		t.Errorf("%+v, want %+v", *h, want)
	}
	// A params page has neither the boot flag nor the version, and old kernels
	// have no number of sectors.
	page := realMode()
	page[0x1f1], page[0x1fe] = 0, 0
	if h, err = bzimage.ParseParams(page); err != nil || h.SetupSize != 5*512 || h.Version != "" {
		t.Errorf("%+v %v", h, err)
	}
}

func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		change func([]byte) []byte
		want   string
	}{
		"empty":        {func([]byte) []byte { return nil }, "setup header: found 0 bytes, want at least 616"},
		"cut off":      {func(d []byte) []byte { return d[:615] }, "found 615 bytes"},
		"magic":        {func(d []byte) []byte { d[0x202] = 'h'; return d }, "setup header magic at offset 514: found \"hdrS\", want \"HdrS\"; the blob holds"},
		"old protocol": {func(d []byte) []byte { d[0x206] = 7; return d }, "boot protocol at offset 518: found 2.07, want 2.08"},
		"boot flag":    {func(d []byte) []byte { d[0x1fe] = 0; return d }, "boot flag at offset 510: found 0xaa00"},
		"no payload":   {func(d []byte) []byte { d[0x24c] = 0; return d }, "found 0 bytes at 100"},
		"behind":       {func(d []byte) []byte { d[0x24b] = 0xff; return d }, "want a place inside the kernel's 150 bytes"},
		"too long":     {func(d []byte) []byte { d[0x24c] = 51; return d }, "found 51 bytes at 100"},
		"no trailer":   {func(d []byte) []byte { d[0x24c] = 3; return d }, "kernel payload: found 3 bytes, want at least 4"},
	} {
		t.Run(name, func(t *testing.T) {
			err := read(test.change(realMode()))
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}

// read goes all the way to the payload's end, in 150 bytes of kernel.
func read(d []byte) error {
	h, err := bzimage.Parse(d)
	if err != nil {
		return err
	}
	payload, err := h.Payload(bytes.NewReader(make([]byte, 150)), 150)
	if err != nil {
		return err
	}
	if _, err := bzimage.SizeTrailer(payload); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, payload)
	return err
}
