package ext4_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"os"

	"shimboot/tools/internal/ext4"
)

// Opens an image, reads a file through a symbolic link, and lists a directory.
func Example() {
	image := unpacked("testdata/ext4-inline.img.gz")
	fsys, err := ext4.Open(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fsys.Type(), fsys.BlockSize(), fsys.NeedsRecovery())

	data, err := fsys.ReadFile("link/hello")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q\n", data)

	info, err := fsys.Lstat("dir/hello")
	if err != nil {
		log.Fatal(err)
	}
	attrs, err := info.Sys().(*ext4.Inode).XAttrs()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v %q\n", info.Mode(), attrs["user.note"])

	entries, err := fsys.ReadDir(".")
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range entries {
		fmt.Println(e)
	}
	// Output:
	// ext4 1024 false
	// "hello\n"
	// -rw-r--r-- "something"
	// d dir/
	// - frag
	// L link
	// d lost+found/
	// L slow
	// - sparse
}

func unpacked(name string) []byte {
	f, err := os.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		log.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		log.Fatal(err)
	}
	return b
}
