package ondisk_test

import (
	"fmt"
	"strings"
	"testing"

	"shimboot/tools/internal/ext4/ondisk"
	"shimboot/tools/internal/mkext4/mkext4test"
)

// TestNameHash compares hashes with debugfs's, which takes bytes as signed: for
// ASCII that is the same. Other names are judged by e2fsck in
// TestWriteHashedDirs.
func TestNameHash(t *testing.T) {
	seed := [16]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10}
	for _, name := range []string{"a", "hello", "lost+found", strings.Repeat("x", 31), strings.Repeat("y", 32), strings.Repeat("z", 33), strings.Repeat("long", 60)} {
		out := mkext4test.Run(t, "debugfs", "-R", "dx_hash -h half_md4 -s 01234567-89ab-cdef-fedc-ba9876543210 "+name)
		if want := fmt.Sprintf("is 0x%08x ", ondisk.NameHash(name, seed)); !strings.Contains(out, want) {
			t.Errorf("%q: %s, want %q", name, out, want)
		}
	}
}
