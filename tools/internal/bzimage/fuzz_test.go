package bzimage_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/bzimage"
	"shimboot/tools/internal/testenv"
)

// setup is a real-mode part with everything that is looked at.
func setup() []byte {
	d := make([]byte, 0x300)
	d[0x1f1] = 1
	copy(d[0x1fe:], "\x55\xaa")
	copy(d[0x202:], "HdrS\x0f\x02")
	binary.LittleEndian.PutUint16(d[0x20e:], 0x80)
	binary.LittleEndian.PutUint32(d[0x248:], 0x10)
	binary.LittleEndian.PutUint32(d[0x24c:], 0x20)
	copy(d[0x280:], "6.1.0 (a@b)\x00")
	return d
}

// FuzzParse: the real-mode part, the params page and the payload they name.
func FuzzParse(f *testing.F) {
	f.Add(setup())
	f.Add(setup()[:0x268])
	f.Fuzz(func(t *testing.T, d []byte) {
		var h *bzimage.Header
		var err error
		testenv.Bounded(t, 0, func() { h, err = bzimage.Parse(d) })
		p, perr := bzimage.ParseParams(d)
		for _, err := range []error{err, perr} {
			if err != nil && !badinput.Is(err) {
				t.Fatalf("not blamed on the input: %v", err)
			}
		}
		if bytes.Equal(d, setup()) && (err != nil || h.Version != "6.1.0 (a@b)" || h.SetupSize != 1024) {
			t.Errorf("%+v, %v: the seed is good", h, err)
		}
		if err != nil {
			return
		}
		if perr != nil || p.PayloadOffset != h.PayloadOffset || p.PayloadLength != h.PayloadLength || p.SetupSize != h.SetupSize {
			t.Errorf("%+v as a params page: %+v, %v", h, p, perr)
		}
		payload, err := h.Payload(bytes.NewReader(d), int64(len(d)))
		if err != nil {
			if !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
			return
		}
		if _, err := bzimage.SizeTrailer(payload); err != nil && (!badinput.Is(err) || payload.Size() >= 4) {
			t.Errorf("%d bytes of payload: %v", payload.Size(), err)
		}
	})
}
