package vboot_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/vboot"
)

// Every algorithm id, with keys that vboot's own tools wrap and sign with: a
// good blob is accepted and a changed one refused, by us as by them.
func TestVerifyEveryAlgorithm(t *testing.T) {
	for i, kind := range []struct{ bits, exponent int }{
		{1024, 65537}, {2048, 65537}, {4096, 65537}, {8192, 65537}, {2048, 3}, {3072, 3},
	} {
		t.Run(fmt.Sprintf("RSA-%d exponent %d", kind.bits, kind.exponent), func(t *testing.T) {
			pem := rsaKey(t, kind.bits, kind.exponent)
			for h, hash := range []string{"SHA-1", "SHA-256", "SHA-512"} {
				t.Run(hash, func(t *testing.T) {
					public, blob := selfSigned(t, pem, h+1)
					d := testenv.Read(t, blob)
					if got := parse(t, d).Keyblock.DataKey.Algorithm; got != vboot.Algorithm(3*i+h) {
						t.Errorf("algorithm %d (%v), want %d", got, got, 3*i+h)
					}
					judge(t, d, public, "")
					for _, spot := range spots(parse(t, d)) {
						bad := bytes.Clone(d)
						bad[spot.offset] ^= 0x10
						judge(t, bad, public, spot.check)
					}
				})
			}
		})
	}
}

// rsaKey makes a key in PEM. Large ones, which take openssl up to 15 seconds,
// are vboot's developer keys.
func rsaKey(t *testing.T, bits, exponent int) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "key.pem")
	large := map[int]string{4096: "minios_kernel_data_key.vbprivk", 8192: "recovery_kernel_data_key.vbprivk"}
	if name := large[bits]; name != "" {
		der := testenv.Write(t, "key.der", testenv.Read(t, testenv.DevKey(t, name))[8:])
		testenv.Run(t, "openssl", "pkey", "-inform", "DER", "-in", der, "-out", out)
		return out
	}
	testenv.Run(t, "openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-out", out,
		"-pkeyopt", fmt.Sprintf("rsa_keygen_bits:%d", bits), "-pkeyopt", fmt.Sprintf("rsa_keygen_pubexp:%d", exponent))
	return out
}

// selfSigned packs a blob whose keyblock, preamble and body are signed with
// the key in pem; hash is futility's number.
func selfSigned(t *testing.T, pem string, hash int) (public, blob string) {
	t.Helper()
	key := filepath.Join(t.TempDir(), "key")
	testenv.Run(t, "futility", "--vb1", "create", "--hash_alg", strconv.Itoa(hash), pem, key)
	testenv.Run(t, "vbutil_keyblock", "--pack", key+".keyblock", "--flags", "26",
		"--datapubkey", key+".vbpubk", "--signprivate", key+".vbprivk")
	kernel := testenv.Write(t, "kernel", bytes.Repeat([]byte("kernel "), 1000))
	return key + ".vbpubk", testenv.PackWith(t, "arm", kernel, "quiet", key+".keyblock", key+".vbprivk")
}

type spot struct {
	offset int64
	check  string // the first to fail where that byte is changed
}

func spots(b *vboot.Blob) []spot {
	preamble := int64(b.Preamble.Offset)
	return []spot{
		{72, "keyblock hash"},
		{int64(b.Keyblock.Signature.Offset) + 40, "keyblock signature"},
		{preamble + 40, "preamble signature"},
		{b.Size() - 1, "body signature"},
	}
}

// judge wants the blob to fail in the check of that name, or in none, and
// vboot's tools to say the same about it.
func judge(t *testing.T, d []byte, public, check string) {
	t.Helper()
	key, err := vboot.ParsePublicKey(testenv.Read(t, public))
	if err != nil {
		t.Fatal(err)
	}
	checks, err := parse(t, d).Verify(key)
	if check == "" && (err != nil || len(checks) != 4) ||
		check != "" && (err == nil || !strings.HasPrefix(err.Error(), check+": ") || !badinput.Is(err)) {
		t.Errorf("%v, want a failure of %q", err, check)
	}
	file := testenv.Write(t, "kernel.bin", d)
	for _, args := range [][]string{
		{"vbutil_kernel", "--verify", file, "--signpubkey", public},
		{"futility", "verify", "--type", "kernel", "--publickey", public, file},
	} {
		if out, err := testenv.Try(t, args[0], args[1:]...); (err == nil) != (check == "") {
			t.Errorf("%s says %v, we %q: %s", args[0], err, check, out)
		}
	}
}
