package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/image"
	"shimboot/tools/internal/jsondoc"
)

// memoryLimit has the garbage collector work harder where a tree is so large
// that it would otherwise let the process grow to twice what is in use; a
// million entries are about 130 MiB.
const memoryLimit = 200 << 20

func buildCommand() *cli.Command {
	return &cli.Command{
		Name:  "build",
		Usage: "make an image from a spec",
		Description: "docs/image-spec.md describes the spec.\n\n" +
			"Example: gpt-pack build --spec spec.json --dry-run\n" +
			"         gpt-pack build --spec spec.json --max-size 16GB --out shimboot.img",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "spec", Usage: "JSON `FILE`", Required: true},
			&cli.StringFlag{Name: "out", Usage: "image `FILE` to write; one that is there is replaced once the new one is whole"},
			&cli.BoolFlag{Name: "dry-run", Usage: "print the plan and write nothing"},
			&cli.StringFlag{Name: "max-size", Usage: "refuse an image larger than `SIZE`, such as 8GiB"},
			jsonFlag(),
			&cli.BoolFlag{Name: "v", Usage: "say what goes where, in bytes"},
			command.ProgressFlag(),
		},
		Action: build,
	}
}

func build(c *cli.Context) error {
	debug.SetMemoryLimit(memoryLimit)
	if _, err := command.Args(c); err != nil {
		return err
	}
	if c.String("out") == "" && !c.Bool("dry-run") {
		return command.Usage("build wants --out FILE or --dry-run")
	}
	progress, err := command.Progress(c, "writing")
	if err != nil {
		return err
	}
	plan, err := makePlan(c)
	if err != nil {
		return err
	}
	defer plan.Close()
	if !c.Bool("dry-run") {
		if err := write(c, plan, progress); err != nil {
			return fmt.Errorf("%s: %w", c.String("out"), err)
		}
	}
	switch {
	case c.Bool("json"):
		return jsondoc.Write(c.App.Writer, plan)
	case c.Bool("dry-run"):
		return printPlan(c.App.Writer, plan, c.Bool("v"))
	}
	return nil
}

func write(c *cli.Context, plan *image.Plan, progress func(done, total int64)) error {
	if c.Bool("v") {
		if err := printPlan(c.App.ErrWriter, plan, true); err != nil {
			return err
		}
	}
	output := command.OutputFile
	if plan.Private() {
		output = command.PrivateFile
	}
	return output(c.String("out"), func(f *os.File) error { return plan.Write(c.Context, f, progress) })
}

func makePlan(c *cli.Context) (*image.Plan, error) {
	epoch, err := command.SourceDateEpoch()
	if err != nil {
		return nil, err
	}
	limit, err := maxSize(c)
	if err != nil {
		return nil, err
	}
	path := c.String("spec")
	if err := notADirectory(path, "a spec", "JSON file"); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	spec, err := image.ReadSpec(f, filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	plan, err := image.NewPlan(c.Context, spec, image.Options{Time: epoch, MaxSize: limit})
	var large *compress.LimitError
	if errors.As(err, &large) {
		err = fmt.Errorf("%w; raise --max-size if the archive is to be trusted", err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return plan, nil
}

// maxSize is 0 where none is given.
func maxSize(c *cli.Context) (int64, error) {
	text := c.String("max-size")
	if text == "" {
		return 0, nil
	}
	n, err := bytesize.Parse(text)
	if err != nil {
		return 0, command.Usage("--max-size: %v", err)
	}
	return n, nil
}
