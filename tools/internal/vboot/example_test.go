package vboot_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"

	"shimboot/tools/internal/vboot"
)

// What a signed kernel says, and whether it is as it was signed.
func Example() {
	f, err := os.Open("testdata/signed.bin.gz")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		panic(err)
	}
	kernel, err := io.ReadAll(unpacked)
	if err != nil {
		panic(err)
	}
	blob, err := vboot.Parse(bytes.NewReader(kernel), int64(len(kernel)))
	if err != nil {
		panic(err)
	}
	fmt.Println(blob.Cmdline())
	fmt.Println(blob.Keyblock.Flags.Meaning())
	checks, err := blob.Verify(nil) // with a key, the keyblock's signature too
	for _, check := range checks {
		fmt.Println(check.Name, check.OK)
	}
	fmt.Println(err)
	// Output:
	// root=PARTUUID=%U/PARTNROFF=1
	// normal mode
	// keyblock hash true
	// preamble signature true
	// body signature true
	// <nil>
}
