package flash_test

import (
	"os"
	"testing"

	"shimboot/tools/internal/flash"
	"shimboot/tools/internal/testenv"
)

// What may be overwritten without a second question, by what other programs
// make of a file.
func TestMayBeDisk(t *testing.T) {
	for script, want := range map[string]bool{
		`truncate -s 8M f`:        true,
		`head -c 8M /dev/zero >f`: true,
		`: >f`:                    true,
		`head -c 8M /dev/urandom >f; sgdisk -o f`:                                                           true,
		`head -c 8M /dev/urandom >f; printf '2048,4M,L\n' | sfdisk -q f`:                                    true,
		`truncate -s 8M f; cgpt create f; dd if=/dev/urandom of=f bs=512 count=40 conv=notrunc status=none`: true, // the backup alone
		`head -c 8M /dev/urandom >f`:                                                                        false,
		`truncate -s 8M f; echo x | dd of=f bs=1M seek=7 conv=notrunc status=none`:                          false,
		`truncate -s 8M f; mke2fs -q -F f`:                                                                  false,
		`truncate -s 8M f; mkfs.fat f`:                                                                      false,
		`echo 'a letter' >f`:                                                                                false,
		`printf x >f`:                                                                                       false,
		`echo 'a letter' >l; tar -cf f l`:                                                                   false,
		`echo 'a letter' >l; zip -q f.zip l; mv f.zip f`:                                                    false,
	} {
		t.Chdir(t.TempDir())
		testenv.Run(t, "sh", "-euc", script)
		f, err := os.Open("f")
		if err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := flash.MayBeDisk(f, info.Size()); err != nil || got != want {
			t.Errorf("%s: %t, %v", script, got, err)
		}
		f.Close()
	}
}
