package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/vboot"
)

func info(c *cli.Context) error {
	return withKernel(c, func(s *source, k *kernel.Kernel) error {
		if c.Bool("json") {
			return command.WriteJSON(c.App.Writer, k.Report())
		}
		printReport(c.App.Writer, s.from, k.Report())
		return nil
	})
}

func printReport(w io.Writer, from string, r *kernel.Report) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(w, "%-13s %s\n", name, command.Printable(fmt.Sprintf(format, args...)))
	}
	row("image", "%s", from)
	row("kernel", "Linux %s, %s", r.KernelRelease, r.Arch)
	row("signed for", "%s", r.Vboot.KeyblockFlags)
	row("key", "%s, sha1 %s", r.Vboot.DataKey, r.Vboot.DataKeySHA1)
	row("vboot", "keyblock %s, preamble %s, kernel version %d",
		r.Vboot.KeyblockVersion, r.Vboot.PreambleVersion, r.Vboot.KernelVersion)
	row("body", "%d bytes, %s inside, %d bytes unpacked", r.Vboot.BodySize, r.Payload.Compression, r.Payload.Unpacked)
	row("initramfs", "%d entries, %d bytes, %s inside the kernel", r.Initramfs.Entries, r.Initramfs.Unpacked, r.Initramfs.Compression)
	if r.RootTmpfsBytes > 0 {
		row("ROOT-A limit", "%d MiB, the shim's tmpfs", r.RootTmpfsBytes>>20)
	}
	for i, line := range wrap(r.Cmdline, 80) {
		row(map[bool]string{true: "command line"}[i == 0], "%s", line)
	}
	if r.Bootable.OK {
		row("as a shim", "bootable: yes")
	} else {
		row("as a shim", "bootable: no, because %s", joined(r.Bootable.Reasons))
	}
}

// wrap breaks text at spaces into lines of at most width bytes.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

func joined(reasons []string) string { return command.Printable(strings.Join(reasons, "; ")) }

func verify(c *cli.Context) error {
	signer, err := signerKey(c.String("key"))
	if err != nil {
		return err
	}
	s, err := openSource(c)
	if err != nil {
		return err
	}
	defer s.Close()
	blob, err := s.parse()
	if err != nil {
		return err
	}
	checks, bad := blob.Verify(signer)
	if bad != nil {
		bad = fmt.Errorf("%s: %w", s.from, bad)
	}
	if c.Bool("json") {
		return errors.Join(command.WriteJSON(c.App.Writer, map[string]any{"ok": bad == nil, "checks": checks}), bad)
	}
	for _, check := range checks {
		verdict := "ok"
		if !check.OK {
			verdict = "BAD"
		}
		fmt.Fprintf(c.App.Writer, "%-19s %-4s %s\n", check.Name, verdict, command.Printable(check.Note))
	}
	return bad
}

func signerKey(path string) (*vboot.Key, error) {
	if path == "" {
		return nil, nil
	}
	d, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := vboot.ParsePublicKey(d)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}
