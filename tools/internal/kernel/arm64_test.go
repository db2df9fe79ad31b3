package kernel_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/kernel"
	"shimboot/tools/internal/testenv"
)

const armCmdline = "root=PARTUUID=%U/PARTNROFF=1 kern_guid=%U"

// shimArchive is a small cpio that looks like a factory shim's.
func shimArchive(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	testenv.Run(t, "sh", "-c", `cd "$1" && mkdir dev bin &&
		printf '#!/bin/sh\nexec bin/bootstrap.sh\n' >init &&
		printf '#!/bin/sh\nmount -t tmpfs -o size=640M tmpfs /newroot\nexec switch_root /newroot /sbin/init\n' >bin/bootstrap.sh &&
		seq 6000 >bin/busybox &&
		find . | sort | cpio -o -H newc --quiet >"$1.cpio"`, "sh", dir)
	return testenv.Read(t, dir+".cpio")
}

func unpackARM(t *testing.T, file string) (*kernel.Kernel, error) {
	t.Helper()
	blob := testenv.Read(t, testenv.PackArch(t, "arm", file, armCmdline, "installer_kernel"))
	return kernel.Unpack(parse(t, blob), kernel.Limits{Kernel: 1 << 28, Initramfs: 1 << 28})
}

// Every compression that a FIT or a kernel may have, in each other.
func TestARM64(t *testing.T) {
	cpio := shimArchive(t)
	kernels := []struct{ name, command string }{
		{"none", "cat"},
		{"lz4", "lz4 -q -9 -c"},
		{"lz4", "lz4 -q -l -9 -c"},
		{"lzma", "xz --format=lzma -c"},
		{"gzip", "gzip -9 -c"},
		{"zstd", "zstd -q -19 -c"},
	}
	archives := map[string]string{"none": "cat", "xz": "xz --check=crc32 -c", "lz4": "lz4 -q -l -9 -c", "gzip": "gzip -c"}
	for inside, filter := range archives {
		image := testenv.ARM64Image(testenv.Compressed(t, filter, cpio))
		for _, outside := range kernels {
			t.Run(inside+" in "+outside.command, func(t *testing.T) {
				file := testenv.KernelFIT(t, testenv.Compressed(t, outside.command, image), outside.name)
				k, err := unpackARM(t, file)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(k.Vmlinux, image) || !bytes.Equal(k.Initramfs.Cpio, cpio) {
					t.Error("the kernel or its archive differ")
				}
				if k.Arch != "aarch64" || k.Release != "6.1.99-test" || k.Banner != testenv.ARM64Banner {
					t.Errorf("%s %s %q", k.Arch, k.Release, k.Banner)
				}
				r := k.Report()
				if !r.Bootable.OK || string(r.Payload.Compression) != outside.name || r.RootTmpfsBytes != 640<<20 {
					t.Errorf("%+v", r)
				}
				checkParts(t, k, file)
			})
		}
	}
}

// checkParts: the one part is the FIT as it was packed, for dumpimage as well.
func checkParts(t *testing.T, k *kernel.Kernel, file string) {
	t.Helper()
	parts := k.Parts()
	if len(parts) != 1 || parts["kernel.fit"] == nil {
		t.Fatalf("parts %v", parts)
	}
	got, err := io.ReadAll(parts["kernel.fit"])
	if err != nil {
		t.Fatal(err)
	}
	want := testenv.Read(t, file)
	if len(got) > len(want) || !bytes.Equal(got, want[:len(got)]) || len(bytes.Trim(want[len(got):], "\x00")) > 0 {
		t.Errorf("kernel.fit: %d bytes, want the %d of the FIT", len(got), len(want))
	}
	out := filepath.Join(t.TempDir(), "image")
	testenv.Run(t, "dumpimage", "-T", "flat_dt", "-p", "0", "-o", out, testenv.Write(t, "kernel.fit", got))
	if int64(len(testenv.Read(t, out))) != k.Payload.Size {
		t.Errorf("dumpimage finds a kernel that is not %d bytes long", k.Payload.Size)
	}
}

// Data behind the tree belongs to the FIT.
func TestARM64ExternalData(t *testing.T) {
	image := testenv.ARM64Image(shimArchive(t))
	for name, args := range map[string][]string{"behind": {"-E"}, "placed": {"-E", "-p", "0x3000"}} {
		t.Run(name, func(t *testing.T) {
			file := testenv.KernelFIT(t, image, "none", args...)
			k, err := unpackARM(t, file)
			if err != nil {
				t.Fatal(err)
			}
			checkParts(t, k, file)
		})
	}
}

func TestARM64Report(t *testing.T) {
	image := testenv.ARM64Image(shimArchive(t))
	k, err := unpackARM(t, testenv.FIT(t, `
images {
  k { data = /incbin/("k"); type = "kernel_noload"; arch = "arm64"; os = "linux"; compression = "lz4"; load = <0x80000>; entry = <0x80040>; };
  f { data = /incbin/("f"); type = "flat_dt"; arch = "arm64"; compression = "none"; };
  g { data = /incbin/("g"); type = "flat_dt"; arch = "arm64"; compression = "none"; };
};
configurations { default = "b";
  a { description = "one"; kernel = "k"; fdt = "f"; ramdisk = "g"; };
  b { kernel = "k"; fdt = "g", "f"; };
};`, map[string][]byte{
		"k": testenv.Compressed(t, "lz4 -q -c", image),
		"f": testenv.BoardTree(t, "google,krane", "mediatek,mt8183"), "g": testenv.BoardTree(t, "google,kodama"),
	}))
	if err != nil {
		t.Fatal(err)
	}
	r := k.Report().FIT
	if r.Size != k.FIT.Size || r.Size <= k.Payload.Offset+k.Payload.Size {
		t.Errorf("%d bytes", r.Size)
	}
	r.Size = 0
	got, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
 "size": 0,
 "description": "test",
 "defaultConfiguration": "b",
 "configuration": "b",
 "kernel": {
  "name": "k",
  "type": "kernel_noload",
  "arch": "arm64",
  "compression": "lz4",
  "loadAddress": 524288,
  "entryAddress": 524352,
  "textOffset": 524288,
  "imageSize": IMAGESIZE
 },
 "configurations": [
  {
   "name": "a",
   "description": "one",
   "kernel": "k",
   "fdt": [
    "f"
   ],
   "ramdisk": "g",
   "compatible": [
    "google,krane",
    "mediatek,mt8183"
   ]
  },
  {
   "name": "b",
   "kernel": "k",
   "fdt": [
    "g",
    "f"
   ],
   "compatible": [
    "google,kodama"
   ]
  }
 ]
}`
	size, err := json.Marshal(k.Image.ImageSize)
	if err != nil {
		t.Fatal(err)
	}
	if w := strings.Replace(want, "IMAGESIZE", string(size), 1); string(got) != w {
		t.Errorf("%s\nwant\n%s", got, w)
	}
}

// What is not supported is refused by its name.
func TestARMRefusals(t *testing.T) {
	image := testenv.ARM64Image(shimArchive(t))
	zImage := append(bytes.Clone(image[:0x24]), append([]byte("\x18\x28\x6f\x01"), image[0x28:]...)...)
	bare := func(d []byte) string { return testenv.Write(t, "bare", d) }
	cut := testenv.Compressed(t, "lz4 -q -c", image)
	for name, test := range map[string]struct{ file, want string }{
		"32-bit FIT":            {testenv.VbootData(t, "vmlinuz-arm.bin"), "kernel image kernel@1 at offset"},
		"32-bit FIT, remedy":    {testenv.VbootData(t, "vmlinuz-arm.bin"), "found a FIT with a 32-bit ARM kernel, want an ARM64 one; 32-bit ARM Chromebooks are not supported"},
		"zImage in a FIT":       {testenv.KernelFIT(t, zImage, "none"), "found a 32-bit ARM zImage"},
		"bare zImage":           {bare(zImage), "kernel at offset 65536: found a 32-bit ARM zImage, want an ARM64 Image; 32-bit ARM"},
		"bare Image":            {bare(image), "found an ARM64 Image with nothing around it"},
		"no kernel":             {testenv.KernelFIT(t, make([]byte, 9999), "none"), "ARM64 Image magic"},
		"hidden compression":    {testenv.KernelFIT(t, cut, "none"), "compressed with lz4, and nothing says so"},
		"stream cut off":        {testenv.KernelFIT(t, cut[:len(cut)/2], "lz4"), "kernel image kernel-1: lz4 stream"},
		"other compression":     {testenv.KernelFIT(t, cut, "gzip"), "kernel image kernel-1: gzip stream"},
		"unknown compression":   {testenv.KernelFIT(t, cut, "arj"), "compression: found arj"},
		"kernel without a cpio": {testenv.KernelFIT(t, testenv.ARM64Image(nil), "none"), "found none in the kernel"},
		"tree that is no FIT":   {bare(testenv.BoardTree(t, "google,test")), "found no /images"},
		"not Linux":             {testenv.KernelFIT(t, bytes.ReplaceAll(image, []byte("Linux version"), []byte("Xinux version")), "none"), "a Linux kernel"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := unpackARM(t, test.file)
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}

func TestARM64TooLarge(t *testing.T) {
	image := testenv.ARM64Image(shimArchive(t))
	for _, compression := range []string{"none", "lz4"} {
		d := image
		if compression == "lz4" {
			d = testenv.Compressed(t, "lz4 -q -c", image)
		}
		blob := testenv.Read(t, testenv.PackArch(t, "arm", testenv.KernelFIT(t, d, compression), armCmdline, "installer_kernel"))
		_, err := kernel.Unpack(parse(t, blob), kernel.Limits{Kernel: 50000, Initramfs: 1 << 20})
		var large *compress.LimitError
		if !errors.As(err, &large) || !badinput.Is(err) {
			t.Errorf("%s: %v", compression, err)
		}
	}
}
