package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/jsondoc"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/terminal"
)

func extract(c *cli.Context) error {
	return withKernel(c, func(s *source, k *kernel.Kernel) error {
		report := k.Report()
		v := &report.Bootable
		if c.Bool("require-shim") {
			_, bad := k.Blob.Verify(nil)
			deny(v, bad)
			if !v.OK {
				return badinput.New("%s", s.from).Got("a kernel that is not bootable as a shim: %s", strings.Join(v.Reasons, "; ")).
					Want("that of an RMA shim").Fix("%s", v.Remedy)
			}
		}
		err := command.OutputDir(c.String("out"), func(dir string) error { return write(dir, s, k, report) })
		if err != nil {
			return err
		}
		if !v.OK {
			fmt.Fprintf(c.App.ErrWriter, "kern-unpack: warning: not bootable as a shim: %s; %s\n",
				terminal.Printable(strings.Join(v.Reasons, "; ")), v.Remedy)
		}
		if c.Bool("json") {
			return jsondoc.Write(c.App.Writer, report)
		}
		return nil
	})
}

// write makes all outputs, kernel.json last because it holds their hashes.
func write(dir string, s *source, k *kernel.Kernel, report *kernel.Report) error {
	report.Outputs = map[string]kernel.Output{}
	parts := map[string]io.Reader{
		"kernel.bin":     io.NewSectionReader(s, 0, k.Blob.Size()),
		"cmdline.txt":    bytes.NewReader([]byte(report.Cmdline + "\n")),
		"initramfs.cpio": bytes.NewReader(k.Initramfs.Cpio),
	}
	maps.Copy(parts, k.Parts())
	if k.Config != nil {
		parts["kernel.config"] = bytes.NewReader(k.Config.Text)
	}
	for name, r := range parts {
		out, err := writeFile(filepath.Join(dir, name), r)
		if err != nil {
			return err
		}
		report.Outputs[name] = *out
	}
	var doc bytes.Buffer
	if err := jsondoc.Write(&doc, report); err != nil {
		return err
	}
	_, err := writeFile(filepath.Join(dir, "kernel.json"), &doc)
	return err
}

func writeFile(path string, r io.Reader) (*kernel.Output, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), r)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return &kernel.Output{Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}
