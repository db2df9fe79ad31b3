package kernel_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
	"shimboot/tools/internal/vboot"
)

// FuzzUnpack takes a whole blob apart. The bytes are the blob or, so that
// changes get to what is inside, its body's kernel: a FIT, or what the params
// page calls an uncompressed kernel of x86.
func FuzzUnpack(f *testing.F) {
	const limit = 1 << 20
	elf, fit := elfKernel(f), testenv.Read(f, testenv.KernelFIT(f, lz4(f, testenv.ARM64Image(archive(f))), "lz4"))
	f.Add(false, blob(elf))
	f.Add(true, elf)
	f.Add(true, fit)
	f.Fuzz(func(t *testing.T, inside bool, d []byte) {
		seed := bytes.Equal(d, elf) || bytes.Equal(d, fit)
		if inside {
			d = blob(d)
		}
		b, err := vboot.Parse(bytes.NewReader(d), int64(len(d)))
		if err != nil {
			return // see FuzzParse of package vboot
		}
		var k *kernel.Kernel
		testenv.Bounded(t, 4*limit, func() { k, err = kernel.Unpack(b, kernel.Limits{Kernel: limit, Initramfs: limit}) })
		if err != nil {
			if !badinput.Is(err) || seed && inside {
				t.Errorf("not blamed on the input, or it is good: %v", err)
			}
			return
		}
		if max := limit + len(d); len(k.Vmlinux) > max || len(k.Initramfs.Cpio) > max {
			t.Errorf("kernel of %d bytes, initramfs of %d", len(k.Vmlinux), len(k.Initramfs.Cpio))
		}
		if _, err := json.Marshal(k.Report()); err != nil {
			t.Error(err)
		}
		for name, part := range k.Parts() {
			if n, err := io.Copy(io.Discard, part); err != nil || n == 0 {
				t.Errorf("%s: %d bytes, %v", name, n, err)
			}
		}
	})
}

func archive(f *testing.F) []byte {
	var b bytes.Buffer
	if err := cpio.Write(&b, tree.Tree{{Path: "init", Mode: 0o755}}); err != nil {
		f.Fatal(err)
	}
	return b.Bytes()
}

func lz4(f *testing.F, d []byte) []byte { return testenv.Compressed(f, "lz4 -q -l -9 -c", d) }

// elfKernel has a banner and an archive, and the length of that behind it.
func elfKernel(f *testing.F) []byte {
	d := []byte("Linux version 6.1.0 (a@b) #1\n\x00")
	d = append(d, make([]byte, -len(d)&7)...)
	cpio := archive(f)
	d = append(append(d, cpio...), make([]byte, -len(cpio)&7)...)
	return testenv.ELF(0xffffffff82000000, binary.LittleEndian.AppendUint64(d, uint64(len(cpio))))
}

// blob puts a kernel into the least that vboot.Parse takes: a keyblock with an
// RSA-1024 key of zeros, a preamble 2.0, and nothing signed.
func blob(kernel []byte) []byte {
	const keyblock, preamble, page = 112 + 264, 96, 4096
	le := binary.LittleEndian
	code := (len(kernel) + page - 1) / page * page
	body := make([]byte, code+3*page)
	copy(body, kernel)
	params := body[code+page:]
	copy(params[0x202:], "HdrS\x0f\x02")
	le.PutUint32(params[0x24c:], uint32(len(kernel)))
	d := make([]byte, keyblock+preamble)
	copy(d, "CHROMEOS\x02\x00\x00\x00\x01")
	for at, v := range map[int]uint32{
		16: keyblock, 80: 32, 88: 264, 112: 1024 / 32, // the key, behind the keyblock's header
		keyblock: preamble, keyblock + 32: 2, keyblock + 64: page,
		keyblock + 56: uint32(code + 2*page), keyblock + 88: uint32(len(body)),
	} {
		le.PutUint32(d[at:], v)
	}
	return append(d, body...)
}
