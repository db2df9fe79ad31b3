package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/jsondoc"
	"shimboot/tools/internal/terminal"
	"shimboot/tools/internal/vboot"
)

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
		return errors.Join(jsondoc.Write(c.App.Writer, map[string]any{"ok": bad == nil, "checks": checks}), bad)
	}
	for _, check := range checks {
		verdict := "ok"
		if !check.OK {
			verdict = "BAD"
		}
		fmt.Fprintf(c.App.Writer, "%-19s %-4s %s\n", check.Name, verdict, terminal.Printable(check.Note))
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
