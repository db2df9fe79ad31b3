package cpio_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/tree"
)

// An archive of a program and a link to it, and what is in it again.
func Example() {
	const script = "#!/bin/sh\n"
	t, err := tree.Merge([]*tree.Entry{
		{
			Path: "bin/init", Mode: 0o755, Size: int64(len(script)),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(script)), nil },
		},
		{Path: "init", Mode: fs.ModeSymlink | 0o777, Target: "bin/init"},
	})
	if err != nil {
		panic(err)
	}
	var archive bytes.Buffer
	if err := cpio.Write(&archive, t); err != nil {
		panic(err)
	}
	entries, err := cpio.Read(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		fmt.Printf("%v %s (%d bytes) %q\n", e.Mode, e.Path, e.Size, e.Target)
	}
	// Output:
	// drwxr-xr-x . (0 bytes) ""
	// drwxr-xr-x bin (0 bytes) ""
	// -rwxr-xr-x bin/init (10 bytes) ""
	// Lrwxrwxrwx init (0 bytes) "bin/init"
}
