package vboot_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/vboot"
)

// verify is nil for a good kernel blob in d; the keyblock's signature counts
// where a key is given.
func verify(d []byte, key *vboot.Key) error {
	b, err := vboot.Parse(bytes.NewReader(d), int64(len(d)))
	if err == nil {
		_, err = b.Verify(key)
	}
	return err
}

// Real kernels, and what is none: firmware, keys, noise. Without a key
// and with the one that signed some of them, we say what vboot's tools say.
func TestFilesOfVbootAreJudgedAsByItsTools(t *testing.T) {
	files, err := filepath.Glob(testenv.VbootData(t, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	public := testenv.DevKey(t, "recovery_key.vbpubk")
	key, err := vboot.ParsePublicKey(testenv.Read(t, public))
	if err != nil {
		t.Fatal(err)
	}
	good := map[*vboot.Key][]string{}
	for _, file := range files {
		d := testenv.Read(t, file)
		for _, test := range []struct {
			key     *vboot.Key
			command []string
		}{
			{nil, []string{"vbutil_kernel", "--verify", file}},
			{nil, []string{"futility", "show", "--type", "kernel", file}},
			{key, []string{"vbutil_kernel", "--verify", file, "--signpubkey", public}},
			{key, []string{"futility", "verify", "--type", "kernel", "--publickey", public, file}},
		} {
			ours := verify(d, test.key)
			out, theirs := testenv.Try(t, test.command[0], test.command[1:]...)
			if (ours == nil) != (theirs == nil) {
				t.Errorf("%q: we say %v, they %v: %s", test.command, ours, theirs, out)
			}
			if ours == nil {
				good[test.key] = append(good[test.key], filepath.Base(file))
			}
		}
	}
	if len(good[nil]) != 4 || len(good[key]) != 2 {
		t.Errorf("good without a key: %v, want both kernels twice; with: %v, want the recovery kernel twice", good[nil], good[key])
	}
}
