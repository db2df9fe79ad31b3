// Package ikconfig finds the configuration that a kernel built with
// CONFIG_IKCONFIG carries, the text of /proc/config.gz.
//
//	c, err := ikconfig.Find(vmlinux)
//	os.WriteFile("kernel.config", c.Text, 0o644)
//
// It stands in the uncompressed kernel as a gzip stream between two marks
// (kernel/configs.c in Linux).
package ikconfig

import (
	"bytes"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
)

const (
	startMark = "IKCFG_ST"
	endMark   = "IKCFG_ED"
	gzipMagic = "\x1f\x8b\x08"

	// maxText bounds the text; today's kernels have some 300 KB.
	maxText = 8 << 20
	// maxTried bounds how many pairs of marks are looked at: an initramfs that
	// is not compressed may hold another kernel, but hardly more.
	maxTried = 16
)

// Config is an embedded configuration.
type Config struct {
	Text   []byte
	Offset int64 // of the gzip stream in the kernel
	Size   int64 // of it
}

// Find gives the first configuration in kernel that is whole, nil where there
// is none. The error is about marks with something else between them: the
// kernel may be good all the same.
func Find(kernel []byte) (*Config, error) {
	var first error
	at := 0
	for range maxTried {
		i := bytes.Index(kernel[at:], []byte(startMark+gzipMagic))
		if i < 0 {
			break
		}
		at += i + len(startMark)
		c, err := read(kernel, at)
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// read takes the stream that starts at.
func read(kernel []byte, at int) (*Config, error) {
	rest := kernel[at:]
	// A compressed configuration is smaller than its text.
	size := bytes.Index(rest[:min(len(rest), maxText)], []byte(endMark))
	if size < 0 {
		return nil, broken(at).Got("no %s within %d bytes", endMark, maxText).Want("one")
	}
	text, err := compress.ReadAll(compress.Gzip, bytes.NewReader(rest[:size]), maxText)
	if err != nil {
		return nil, broken(at).Got("%v", err).Want("a gzip stream of %d bytes", size)
	}
	if !bytes.Contains(text, []byte("CONFIG_")) {
		return nil, broken(at).Got("%d bytes without an option", len(text)).Want("lines CONFIG_…")
	}
	return &Config{Text: text, Offset: int64(at), Size: int64(size)}, nil
}

func broken(at int) *badinput.Error {
	return badinput.New("embedded kernel configuration").At(int64(at))
}
