package gpt

import (
	"errors"
	"io"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
)

// checkCompressed refuses a compressed image in words that tell what to do. No
// disk starts like one: its first bytes are the code of an MBR, or zeros.
func checkCompressed(r io.ReaderAt) error {
	head := make([]byte, compress.HeadSize)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	what, program := "zip", "unzip"
	if !compress.IsZip(head[:n]) {
		format := compress.DetectFile(head[:n])
		if format == compress.None {
			return nil
		}
		what, program = string(format), format.Unpacker()
	}
	return badinput.New("image").Got("a file compressed with %s", what).Want("a disk image as it is").
		Fix("unpack it first (%s)", program)
}
