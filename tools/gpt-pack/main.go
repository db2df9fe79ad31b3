// Gpt-pack makes bootable disk images, and looks at them.
//
//	gpt-pack build --spec spec.json --out shimboot.img
//	gpt-pack show shimboot.img
//	gpt-pack verify --shim shim.bin shimboot.img
//	gpt-pack put shimboot.img wifi-credentials.json
//	gpt-pack ls shimboot.img
//	gpt-pack get shimboot.img dev_image/etc/lsb-factory
//	gpt-pack flash shimboot.img /dev/sdb
package main

import (
	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/command"
)

func main() { command.Main(app()) }

func app() *cli.App {
	json := &cli.BoolFlag{Name: "json", Usage: "as one JSON document"}
	return &cli.App{
		Name:  "gpt-pack",
		Usage: "make bootable disk images, and look at them",
		Description: "Same spec and contents, same bytes: GUIDs come from the spec's seed, times from\n" +
			"$SOURCE_DATE_EPOCH. docs/image-spec.md describes the spec.\n\n" +
			"Example: gpt-pack build --spec spec.json --out shimboot.img",
		Commands: []*cli.Command{
			{
				Name: "build", Usage: "make an image from a spec",
				Description: "docs/image-spec.md describes the spec.\n\n" +
					"Example: gpt-pack build --spec spec.json --dry-run\n" +
					"         gpt-pack build --spec spec.json --max-size 16GB --out shimboot.img",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "spec", Usage: "JSON `FILE`", Required: true},
					&cli.StringFlag{Name: "out", Usage: "image `FILE` to write"},
					&cli.BoolFlag{Name: "dry-run", Usage: "print the plan and write nothing"},
					&cli.StringFlag{Name: "max-size", Usage: "refuse an image larger than `SIZE`, such as 8GiB"},
					json,
					&cli.BoolFlag{Name: "v", Usage: "say what goes where, in bytes"},
					command.ProgressFlag(),
				},
				Action: build,
			},
			{
				Name: "show", Usage: "list an image's partitions", ArgsUsage: "IMAGE",
				Description: "IMAGE may be raw, a zip of a raw one, or a disk.\n\n" +
					"Example: gpt-pack show shimboot.img",
				Flags:  []cli.Flag{json, &cli.BoolFlag{Name: "v", Usage: "sizes in bytes, and GUIDs"}},
				Action: show,
			},
			{
				Name: "verify", Usage: "check an image by the firmware's rules", ArgsUsage: "IMAGE",
				Description: "Prints a line for each check, and what to do where one fails.\n\n" +
					"Example: gpt-pack verify --shim shim.bin shimboot.img",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "shim", Usage: "check that the kernel is byte for byte that of `IMAGE`"},
					json,
				},
				Action: verify,
			},
			{
				Name: "put", Usage: "copy a file into the STATE partition of a raw image or a stick", ArgsUsage: "IMAGE FILE[=NAME]",
				Description: "A file of that name is replaced; directories on the way to it are made.\n\n" +
					"Example: gpt-pack put shimboot.img wifi-credentials.json\n" +
					"         gpt-pack put /dev/sdb my.conf=shimboot.conf",
				Action: put,
			},
			{
				Name: "get", Usage: "print a file of the STATE partition", ArgsUsage: "IMAGE NAME",
				Description: "Example: gpt-pack get /dev/sdb dev_image/etc/lsb-factory",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "out", Usage: "write it to `FILE` instead"}},
				Action:      get,
			},
			{
				Name: "ls", Usage: "list the files of the STATE partition", ArgsUsage: "IMAGE",
				Description: "Example: gpt-pack ls /dev/sdb",
				Flags:       []cli.Flag{json}, Action: list,
			},
			{
				Name: "flash", Usage: "write an image to a stick and read it back", ArgsUsage: "IMAGE DEVICE",
				Description: "IMAGE may be raw, or a .zip or .zst of one. Without DEVICE, lists the sticks and\n" +
					"cards there are. DEVICE may be a file that exists, as large as the stick would be.\n\n" +
					"Example: gpt-pack flash shimboot.img\n" +
					"         gpt-pack flash shimboot.img /dev/sdb",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "force", Usage: "write to a disk that is built in, if its `NAME` is that of DEVICE"},
					command.ProgressFlag(),
				},
				Action: flashImage,
			},
		},
	}
}
