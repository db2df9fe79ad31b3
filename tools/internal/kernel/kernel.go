// Package kernel takes a ChromeOS kernel blob apart: vboot's layers, the
// kernel inside, and the initramfs inside that.
//
//	blob, err := vboot.Parse(r, size)
//	k, err := kernel.Unpack(blob, kernel.Limits{Kernel: 256 << 20, Initramfs: 256 << 20})
//	report := k.Report()
package kernel

import (
	"bytes"
	"fmt"
	"io"
	"regexp"

	"shimboot/tools/internal/arm64"
	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/busybox"
	"shimboot/tools/internal/bzimage"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/fit"
	"shimboot/tools/internal/ikconfig"
	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/shim"
	"shimboot/tools/internal/traits"
	"shimboot/tools/internal/vboot"
)

// Limits bound what the layers may decompress to, in bytes.
type Limits struct {
	Kernel    int64
	Initramfs int64
}

// Layer is one compression around something.
type Layer struct {
	Compression compress.Format `json:"compression"`
	Offset      int64           `json:"offset"` // in the layer outside
	Size        int64           `json:"size"`   // compressed bytes
	Unpacked    int64           `json:"unpackedSize"`
}

// Kernel is a blob taken apart.
type Kernel struct {
	Blob      *vboot.Blob
	Arch      string // as in uname -m
	Release   string // as in uname -r
	Banner    string // the "Linux version …" line
	Payload   Layer  // offset in the body
	Vmlinux   []byte // uncompressed kernel: an ELF file on x86, an Image on ARM64
	Initramfs *initramfs.Found
	Scripts   *shim.Scripts    // what they tell of how ROOT-A is started
	Board     string           // by the initramfs; "" where it does not say
	Busybox   *busybox.Found   // of the initramfs; nil where it has none
	Config    *ikconfig.Config // the kernel's .config; nil where it carries none
	// ConfigFault is why a .config cannot be read: nothing depends on it, so
	// the kernel is taken apart all the same.
	ConfigFault error

	// For who has the kernel's root at hand: its drivers, by name, and the file
	// there that Config is from, "" where it is from the kernel.
	Modules    map[string]string
	ConfigFile string

	// Of ARM64 kernels only.
	FIT           *fit.FIT
	Configuration *fit.Configuration // the one whose kernel was taken
	Image         *arm64.Header

	header *bzimage.Header // of x86 kernels only
}

// Unpack takes the kernel out of blob: a bzImage of x86, or a FIT with an ARM64
// Image.
func Unpack(blob *vboot.Blob, limits Limits) (*Kernel, error) {
	k := &Kernel{Blob: blob}
	unpack, err := k.kind()
	if err != nil {
		return nil, err
	}
	segments, err := unpack(limits.Kernel)
	if err != nil {
		return nil, err
	}
	if err := k.identify(); err != nil {
		return nil, err
	}
	if k.Initramfs, err = initramfs.Locate(segments, limits.Initramfs); err != nil {
		return nil, err
	}
	return k, k.inspect()
}

// inspect looks into what was unpacked.
func (k *Kernel) inspect() (err error) {
	if k.Scripts, err = shim.ReadScripts(k.Initramfs.Entries); err != nil {
		return err
	}
	if k.Busybox, err = busybox.Find(k.Initramfs.Entries); err != nil {
		return err
	}
	if k.Board, err = board(k.Initramfs.Entries); err != nil {
		return err
	}
	k.Config, k.ConfigFault = ikconfig.Find(k.Vmlinux)
	return nil
}

// Traits tells what the kernel forbids and is able to.
func (k *Kernel) Traits() traits.Traits {
	start, end := k.Initramfs.Offset, k.Initramfs.Offset+k.Initramfs.Size
	about := traits.Kernel{
		Parts:   []traits.Part{{Offset: 0, Data: k.Vmlinux[:start]}, {Offset: end, Data: k.Vmlinux[end:]}},
		Release: k.Release, Modules: k.Modules,
	}
	if k.Config != nil {
		about.Config = string(k.Config.Text)
	}
	return traits.Read(about)
}

// kind looks at how the body starts. What it returns fills in Payload, Vmlinux
// and Arch, and gives the parts of the kernel that may hold the initramfs.
func (k *Kernel) kind() (func(limit int64) ([]initramfs.Segment, error), error) {
	head := make([]byte, arm64.HeaderSize)
	if _, err := k.Blob.Body().ReadAt(head, 0); err != nil {
		return nil, fmt.Errorf("reading the body: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte(fit.Magic)):
		return k.unpackARM64, nil
	case k.Blob.VmlinuzHeader() != nil:
	case arm64.IsZImage(head):
		return nil, arm64.RefuseZImage().At(k.Blob.BodyOffset())
	case arm64.Is(head):
		return nil, badinput.New("kernel").At(k.Blob.BodyOffset()).Got("an ARM64 Image with nothing around it").Want("one in a FIT").
			Fix("firmware boots an ARM64 kernel only from a FIT; is this the shim's image?")
	}
	return k.unpackX86, nil
}

// identify finds the kernel's own name, the text of /proc/version.
func (k *Kernel) identify() error {
	banner := regexp.MustCompile(`Linux version (\S+) [^\x00\n]{1,500}`)
	m := banner.FindSubmatch(k.Vmlinux)
	if m == nil {
		return badinput.New("uncompressed kernel").Got("no text \"Linux version …\"").Want("a Linux kernel")
	}
	k.Banner, k.Release = string(m[0]), string(m[1])
	return nil
}

// Parts are the files that boot loaders and emulators take the kernel as:
// vmlinuz on x86, unless the blob does not carry its real-mode part, and
// kernel.fit on ARM64.
func (k *Kernel) Parts() map[string]io.Reader {
	if k.FIT != nil {
		return map[string]io.Reader{"kernel.fit": io.NewSectionReader(k.Blob.Body(), 0, k.FIT.Size)}
	}
	if header := k.Blob.VmlinuzHeader(); header != nil {
		return map[string]io.Reader{"vmlinuz": io.MultiReader(header, k.Blob.Body())}
	}
	return nil
}
