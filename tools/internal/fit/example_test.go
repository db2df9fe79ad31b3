package fit_test

import (
	"fmt"
	"os"

	"shimboot/tools/internal/fit"
)

// What a board's boot loader would take of a FIT.
func Example() {
	f, err := os.Open("testdata/inside.dtb")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		panic(err)
	}
	parsed, err := fit.Parse(f, info.Size(), 0)
	if err != nil {
		panic(err)
	}
	c, err := parsed.Choose()
	if err != nil {
		panic(err)
	}
	image := parsed.Image(c.Kernel)
	data, err := image.ReadAll(1 << 20)
	fmt.Println(c.Name, c.Compatible)
	fmt.Println(image.Name, image.Arch, image.Compression, len(data), err)
	// Output:
	// c [a,b c]
	// k arm64 none 7 <nil>
}
