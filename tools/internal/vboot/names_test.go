package vboot_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/vboot"
)

// The developer keys as Debian ships them go by their names.
func TestDeveloperKeys(t *testing.T) {
	for _, file := range []string{
		"root_key", "recovery_key", "kernel_subkey", "kernel_data_key", "recovery_kernel_data_key", "minios_kernel_data_key",
		"installer_kernel_data_key", "firmware_data_key",
	} {
		public := testenv.DevKey(t, file+".vbpubk")
		key, err := vboot.ParsePublicKey(testenv.Read(t, public))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"installer_kernel_data_key": "recovery_kernel_data_key", "firmware_data_key": ""}
		name, other := want[file]
		if !other {
			name = file
		}
		if key.Developer() != name {
			t.Errorf("%s is taken for %q", file, key.Developer())
		}
		if out := testenv.Run(t, "vbutil_key", "--unpack", public); !strings.Contains(out, key.SHA1()) {
			t.Errorf("SHA-1 %s, vbutil_key says %s", key.SHA1(), out)
		}
	}
}

// A key has to be as long as its algorithm takes, neither less nor more.
func TestKeyLength(t *testing.T) {
	good := testenv.Read(t, testenv.DevKey(t, "kernel_data_key.vbpubk"))
	for _, more := range []int{0, 4, -4} {
		d := append(bytes.Clone(good), make([]byte, 4)...)[:len(good)+more]
		binary.LittleEndian.PutUint32(d[8:], uint32(len(d)-32))
		_, err := vboot.ParsePublicKey(d)
		out, theirs := testenv.Try(t, "vbutil_key", "--unpack", testenv.Write(t, "key.vbpubk", d))
		if (err == nil) != (more == 0) || (theirs == nil) != (more == 0) {
			t.Errorf("%+d bytes: we say %v, vbutil_key %v: %s", more, err, theirs, out)
		}
	}
}

func TestFlags(t *testing.T) {
	for f, want := range map[vboot.Flags]struct {
		text string
		shim bool
	}{
		0x17: {"0x17 (!DEV|DEV|!REC|!MINIOS) normal mode", false},
		0x1a: {"0x1a (DEV|REC|!MINIOS) recovery mode with the developer switch on", true},
		0x0a: {"0x0a (DEV|REC) recovery mode with the developer switch on", true},
		0x1b: {"0x1b (!DEV|DEV|REC|!MINIOS) recovery mode", true},
		0x2b: {"0x2b (!DEV|DEV|REC|MINIOS) MiniOS in recovery mode", false},
		0x0f: {"0x0f (!DEV|DEV|!REC|REC) normal and recovery mode", true},
		0x05: {"0x05 (!DEV|!REC) normal mode with the developer switch off", false},
		0x02: {"0x02 (DEV) no boot mode", false},
		0x00: {"0x00 () no boot mode", false},
	} {
		if got := f.String() + " " + f.Meaning(); got != want.text || f.Shim() != want.shim {
			t.Errorf("%q, a shim: %v; want %q, %v", got, f.Shim(), want.text, want.shim)
		}
	}
}
