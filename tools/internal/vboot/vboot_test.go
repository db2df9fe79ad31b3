package vboot_test

import (
	"bytes"
	"crypto/sha512"
	"encoding/binary"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/vboot"
)

func parse(t *testing.T, d []byte) *vboot.Blob {
	t.Helper()
	b, err := vboot.Parse(bytes.NewReader(d), int64(len(d)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRecoveryKernelOfVboot(t *testing.T) {
	d := testenv.Read(t, testenv.VbootData(t, "rec_kernel_part.bin"))
	b := parse(t, d)
	if got := b.Keyblock.DataKey.Algorithm.String(); got != "RSA-8192 SHA-512" {
		t.Errorf("algorithm %s", got)
	}
	if b.Preamble.Minor != 0 || b.VmlinuzHeader() != nil {
		t.Errorf("preamble 2.%d, want 2.0 without a vmlinuz header", b.Preamble.Minor)
	}
	if checks, err := b.Verify(nil); err != nil {
		t.Errorf("%v: %v", err, checks)
	}
}

// packed makes a blob with vboot's own packer.
func packed(t *testing.T, key string) []byte {
	t.Helper()
	vmlinuz := testenv.VbootData(t, "vmlinuz-amd64.bin")
	return testenv.Read(t, testenv.Pack(t, vmlinuz, "kern_guid=%U quiet", key))
}

func TestBlobOfVbutilKernel(t *testing.T) {
	for key, shim := range map[string]bool{"installer_kernel": true, "recovery_kernel": true, "kernel": false} {
		t.Run(key, func(t *testing.T) {
			d := packed(t, key)
			b := parse(t, d)
			if b.Size() != int64(len(d)) {
				t.Errorf("blob of %d bytes, the file has %d", b.Size(), len(d))
			}
			if b.Cmdline() != "kern_guid=%U quiet" {
				t.Errorf("command line %q", b.Cmdline())
			}
			if got := b.Keyblock.Flags.Shim() && b.Keyblock.Flags&vboot.FlagRecovery0 == 0; got != shim {
				t.Errorf("flags %v: bootable in recovery and developer mode: %v, want %v", b.Keyblock.Flags, got, shim)
			}
			if _, err := b.Verify(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestVerifyWithVendorKey(t *testing.T) {
	b := parse(t, packed(t, "installer_kernel"))
	for name, good := range map[string]bool{"recovery_key.vbpubk": true, "root_key.vbpubk": false} {
		key, err := vboot.ParsePublicKey(testenv.Read(t, testenv.DevKey(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Verify(key); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Hashes and signatures that are right, over too little: vbutil_kernel and we
// have to say the same.
func TestVerifyWantsTheWholeStructuresCovered(t *testing.T) {
	good := packed(t, "kernel")
	b := parse(t, good)
	preamble, hash := b.Preamble, b.Keyblock.Hash
	rehash := func(d []byte, n uint32) {
		binary.LittleEndian.PutUint32(d[48+16:], n)
		sum := sha512.Sum512(d[:n])
		copy(d[hash.Offset:], sum[:])
	}
	resign := func(d []byte, n uint32) {
		binary.LittleEndian.PutUint32(d[preamble.Offset+8+16:], n)
		copy(d[preamble.Signature.Offset:], signWith(t, "kernel_data_key.vbprivk", d[preamble.Offset:][:n]))
	}
	body := uint32(preamble.BodySignature.Offset) + preamble.BodySignature.Size - preamble.Offset
	for _, test := range []struct {
		name   string
		change func([]byte, uint32)
		covers uint32
		check  string // "" where it is good
	}{
		{"as it was", rehash, hash.DataSize, ""},
		{"hash of nothing", rehash, 0, "keyblock hash"},
		{"hash of half the header", rehash, 64, "keyblock hash"},
		{"hash of the header", rehash, 112, "keyblock hash"},
		{"hash of all but a byte of the key", rehash, hash.DataSize - 1, "keyblock hash"},
		{"as it was", resign, preamble.Signature.DataSize, ""},
		{"preamble up to the body's signature", resign, body, ""},
		{"nothing of the preamble", resign, 0, "preamble signature"},
		{"half the preamble", resign, 64, "preamble signature"},
		{"the preamble's fields", resign, 116, "preamble signature"},
		{"all but a byte of the body's signature", resign, body - 1, "preamble signature"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := bytes.Clone(good)
			test.change(d, test.covers)
			_, err := parse(t, d).Verify(nil)
			if test.check == "" && err != nil ||
				test.check != "" && (err == nil || !strings.HasPrefix(err.Error(), test.check+": signed length") || !badinput.Is(err)) {
				t.Errorf("%v, want a failure of %q", err, test.check)
			}
			out, err := testenv.Try(t, "vbutil_kernel", "--verify", testenv.Write(t, "kernel.bin", d))
			if (err == nil) != (test.check == "") {
				t.Errorf("vbutil_kernel says %v: %s", err, out)
			}
		})
	}
}

func TestBadBlobs(t *testing.T) {
	good := packed(t, "kernel")
	set := func(off int, value byte) []byte {
		d := bytes.Clone(good)
		d[off] = value
		return d
	}
	preamble := int(parse(t, good).Preamble.Offset)
	for name, test := range map[string]struct {
		blob []byte
		want string
	}{
		"empty":                     {nil, "keyblock"},
		"no magic":                  {set(0, 'X'), "keyblock magic at offset 0"},
		"keyblock of version 3":     {set(8, 3), "keyblock version at offset 8: found 3.1, want 2.x"},
		"keyblock larger than 64 K": {set(18, 0xff), "keyblock size at offset 16"},
		"unknown algorithm":         {set(96, 0xff), "key algorithm at offset 96: found 255"},
		"preamble of version 9":     {set(preamble+32, 9), "preamble version"},
		"body cut off":              {good[:len(good)-4096], "kernel body at offset 65536"},
		"bootloader outside":        {set(preamble+63, 0x7f), "bootloader stub"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := vboot.Parse(bytes.NewReader(test.blob), int64(len(test.blob)))
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}
