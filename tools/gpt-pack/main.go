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
	return &cli.App{
		Name:  "gpt-pack",
		Usage: "make bootable disk images, and look at them",
		Description: "Same spec and contents, same bytes: GUIDs come from the spec's seed, times from\n" +
			"$SOURCE_DATE_EPOCH. docs/image-spec.md describes the spec.\n\n" +
			"Example: gpt-pack build --spec spec.json --out shimboot.img",
		Commands: []*cli.Command{
			buildCommand(), showCommand(), verifyCommand(), putCommand(), getCommand(), listCommand(), flashCommand(),
		},
	}
}

func jsonFlag() cli.Flag { return &cli.BoolFlag{Name: "json", Usage: "as one JSON document"} }
