package tools_test

import (
	"testing"

	"shimboot/tools/internal/testenv/hostile"
)

const (
	longPath = "want at most 4096"
	unpacked = "16777216 bytes, unpacked, want at most that, the partition's size"
)

// samples are files, and what they are refused for by those that see it.
func samples(t *testing.T) []sample {
	deep, inflating := hostile.ExtDeep("lib", "modules", "5.4.0"), hostile.Kernel(t, 4096)
	archive := hostile.KernelWith(t, hostile.Initramfs(t, 4096))
	disk := func(state, kernel, root []byte) []byte { return hostile.Disk(t, hostile.ChromeOS(state, kernel, root)) }
	harvest := func(want string) map[string]string { return map[string]string{"driver-harvest": want} }
	tar := func(want string) map[string]string { return map[string]string{"gpt-pack build": want} }
	cpio := "67108864 bytes of names and links"
	return []sample{
		write(t, "disk with a deep FAT", disk(hostile.FATDeep(16), inflating, deep), map[string]string{
			"gpt-pack ls": longPath, "kern-unpack info": "raise --max-size", "driver-harvest": longPath,
		}),
		write(t, "disk with a FAT of one chain", disk(hostile.FATShared(), archive, hostile.SquashfsLoop(t)), map[string]string{
			"gpt-pack ls": "want one of no other directory", "kern-unpack extract": "raise --max-size", "driver-harvest": "want one name a directory",
		}),
		write(t, "disk with a deep ext2", disk(hostile.ExtDeep(), nil, hostile.SquashfsBomb(t, "xz")), map[string]string{
			"gpt-pack ls": longPath, "gpt-pack put": "two uses of it", "driver-harvest": "xz block at offset 96",
		}),
		write(t, "disk with a huge table", hostile.HugeTable(t), map[string]string{"gpt-pack show": "4294967295 of 128 bytes"}),
		write(t, "deep ext2", deep, harvest(longPath)),
		write(t, "loop of squashfs", hostile.SquashfsLoop(t), harvest("want one name a directory")),
		write(t, "links to links", hostile.SquashfsChain(t, 40_000), harvest("links that lead to links")),
		write(t, "bomb of gzip", hostile.SquashfsBomb(t, "gzip"), harvest("gzip block at offset 96")),
		write(t, "bomb of xz", hostile.SquashfsBomb(t, "xz"), harvest("xz block at offset 96")),
		write(t, "bomb of zstd", hostile.SquashfsBomb(t, "zstd"), harvest("zstd frame")),
		write(t, "fragments", hostile.SquashfsFragments(t), harvest("33554432 bytes to be read at once")),
		write(t, "kernel", inflating, map[string]string{"kern-unpack info": "raise --max-size"}),
		write(t, "initramfs", archive, map[string]string{"kern-unpack info": "raise --max-size"}),
		write(t, "tar of zeros", hostile.TarOf(t, 0, 8192), tar(unpacked)),
		write(t, "tar of a file", hostile.TarOf(t, 'x', 8192), map[string]string{
			"gpt-pack build": unpacked, "gpt-pack build content": "raise --max-size if the archive is to be trusted",
		}),
		write(t, "tar of links", hostile.TarOfLinks(t, 10_000), tar(unpacked)),
		write(t, "tar of attributes", hostile.TarOfAttributes(t, 1000), tar(unpacked)),
		write(t, "cpio", hostile.CpioOfNames(18_000), map[string]string{"initramfs-patch": cpio, "gpt-pack build cpio": cpio}),
		write(t, "zip", hostile.Zip(t, 'x', 256), nil),
	}
}
