package arm64_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"shimboot/tools/internal/arm64"
	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

func TestParse(t *testing.T) {
	good := testenv.ARM64Image(nil)
	h, err := arm64.Parse(good)
	if err != nil || h.TextOffset != 0x80000 || h.ImageSize != uint64(64<<10+1<<20) || h.Flags != 0xa {
		t.Errorf("%+v %v", h, err)
	}
	for name, test := range map[string]struct {
		change func([]byte) []byte
		want   string
	}{
		"short": {func(d []byte) []byte { return d[:63] }, "found 63 bytes"},
		"empty": {func([]byte) []byte { return nil }, "found 0 bytes"},
		"magic": {func(d []byte) []byte { d[0x38] = 'a'; return d }, "magic at offset 56"},
		"zImage": {func(d []byte) []byte {
			return append(d[:0x24], append([]byte("\x18\x28\x6f\x01"), d[0x28:]...)...)
		}, "found a 32-bit ARM zImage"},
		"compressed": {func([]byte) []byte {
			return append([]byte("\x04\x22\x4d\x18"), make([]byte, 99)...)
		}, "the kernel is compressed with lz4"},
		"too large":  {func(d []byte) []byte { binary.LittleEndian.PutUint64(d[16:], 1<<63); return d }, "Image size at offset 16"},
		"big-endian": {func(d []byte) []byte { d[24] |= 1; return d }, "a big-endian kernel"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := arm64.Parse(test.change(bytes.Clone(good)))
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}
