package kernel_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/vboot"
)

// parse gives the bytes of a blob that vbutil_kernel packed, and their parse.
func parse(t *testing.T, d []byte) *vboot.Blob {
	t.Helper()
	b, err := vboot.Parse(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Fields of the signed structures and of the setup header that lie.
func TestRefusals(t *testing.T) {
	good := testenv.Read(t, testenv.Pack(t, testenv.VbootData(t, "vmlinuz-amd64.bin"), "quiet", "kernel"))
	p := parse(t, good).Preamble
	header := int64(p.Offset) + int64(p.Size) + int64(p.VmlinuzHeaderAddress-p.BodyLoadAddress)
	for name, test := range map[string]struct {
		change func(d []byte)
		want   string
	}{
		"payload of 5 bytes": {func(d []byte) {
			binary.LittleEndian.PutUint32(d[header+0x24c:], 5)
		}, "kernel payload at offset"},
		"real-mode part of 70000 bytes": {func(d []byte) {
			binary.LittleEndian.PutUint64(d[p.Offset+96:], p.BodyLoadAddress)
			binary.LittleEndian.PutUint32(d[p.Offset+104:], 70000)
		}, "vmlinuz header: found 70000 bytes, want at most 65536"},
	} {
		t.Run(name, func(t *testing.T) {
			d := bytes.Clone(good)
			test.change(d)
			_, err := kernel.Unpack(parse(t, d), kernel.Limits{Kernel: 1 << 28, Initramfs: 1 << 28})
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}
