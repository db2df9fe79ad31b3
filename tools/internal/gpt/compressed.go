package gptdisk

import (
	"errors"
	"io"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
)

// checkPacked refuses a compressed image in words that tell what to do. No
// disk starts like one: its first bytes are the code of an MBR, or zeros.
func checkPacked(r io.ReaderAt) error {
	head := make([]byte, compress.HeadSize)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	what, program := unpacker(head[:n])
	if what == "" {
		return nil
	}
	return badinput.New("image").Got("a file compressed with %s", what).Want("a disk image as it is").
		Fix("unpack it first (%s)", program)
}

// unpacker names what packed the file that starts with head, and the program
// for the way back.
func unpacker(head []byte) (what, program string) {
	switch compress.Detect(head) {
	case compress.Gzip:
		return "gzip", "gunzip"
	case compress.XZ:
		return "xz", "unxz"
	case compress.Zstd:
		return "zstd", "unzstd"
	}
	if len(head) >= 4 && string(head[:4]) == "PK\x03\x04" {
		return "zip", "unzip"
	}
	return "", ""
}
