package vboot_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"testing"

	"shimboot/tools/internal/testenv"
)

// signWith signs data with a key of vboot's developer keys: a .vbprivk is the
// algorithm as u64 and a PKCS#1 key.
func signWith(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	key, err := x509.ParsePKCS1PrivateKey(testenv.Read(t, testenv.DevKey(t, name))[8:])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// Each field of the two headers, changed in ways that hash and signature were
// made good for: what is left to judge is the field.
func TestFieldsAreJudgedAsByVbutilKernel(t *testing.T) {
	kernel := testenv.Write(t, "kernel", bytes.Repeat([]byte("kernel "), 1000))
	good := testenv.Read(t, testenv.PackArch(t, "arm", kernel, "quiet", "kernel"))
	b := parse(t, good)
	hash, sig, preamble := b.Keyblock.Hash, b.Preamble.Signature, int(b.Preamble.Offset)
	rehash := func(d []byte) {
		sum := sha512.Sum512(d[:hash.DataSize])
		copy(d[hash.Offset:], sum[:])
	}
	resign := func(d []byte) {
		copy(d[sig.Offset:], signWith(t, "kernel_data_key.vbprivk", d[preamble:][:sig.DataSize]))
	}
	for _, header := range []struct {
		name   string
		start  int
		fields []int
		mend   func([]byte)
	}{
		{"keyblock", 0, []int{8, 12, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104}, rehash},
		{"preamble", preamble, []int{0, 8, 16, 24, 32, 36, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112}, resign},
	} {
		for _, field := range header.fields {
			at := header.start + field
			old := binary.LittleEndian.Uint32(good[at:])
			for _, value := range []uint32{0, old - 1, old + 1, old + 1<<16, 0xffffffff} {
				d := bytes.Clone(good)
				binary.LittleEndian.PutUint32(d[at:], value)
				header.mend(d)
				t.Run(fmt.Sprintf("%s at %d is %#x", header.name, field, value), func(t *testing.T) { compare(t, d, at) })
			}
		}
	}
}

// hashLength is the one field that we look at and they do not: they take 64
// bytes whatever it says.
const hashLength = 48 + 8

func compare(t *testing.T, d []byte, at int) {
	t.Helper()
	err := verify(d, nil)
	out, theirs := testenv.Try(t, "vbutil_kernel", "--verify", testenv.Write(t, "kernel.bin", d))
	if (err == nil) != (theirs == nil) && !(at == hashLength && err != nil) {
		t.Errorf("we say %v, vbutil_kernel %v: %s", err, theirs, out)
	}
}
