package vboot_test

import (
	"fmt"
	"os"

	"shimboot/tools/internal/vboot"
)

// What a signed kernel says, and whether it is as it was signed.
func Example() {
	f, err := os.Open("kernel.bin")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		panic(err)
	}
	blob, err := vboot.Parse(f, info.Size())
	if err != nil {
		panic(err)
	}
	fmt.Println(blob.Cmdline())
	fmt.Println(blob.Keyblock.Flags.Meaning())
	checks, err := blob.Verify(nil) // with a key, the keyblock's signature too
	for _, check := range checks {
		fmt.Println(check.Name, check.OK, check.Note)
	}
	fmt.Println(err)
}
