// Package fit reads a FIT, the container of kernels and device trees that
// ARM Chromebooks boot. It is itself a flattened device tree:
//
//	/images/NAME          data, type, arch, compression
//	/configurations/NAME  kernel and fdt by their names, compatible
//
//	f, err := fit.Parse(r, size, 0)
//	c, err := f.Choose()
//	image, err := f.Image(c.Kernel).ReadAll(limit)
//
// Integers are big-endian. Sources: the Devicetree Specification, chapter 5;
// doc/uImage.FIT in U-Boot; src/boot/fit.c in depthcharge, the boot loader
// whose choices are followed here.
package fit

import (
	"io"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
)

// maxImages bounds the images and the configurations. One kernel for all
// boards of a family has about a hundred device trees.
const maxImages = 1024

// FIT is a parsed one.
type FIT struct {
	Description    string
	Size           int64 // bytes of the tree and of what it keeps behind itself
	Images         []*Image
	Configurations []*Configuration
	Default        string // configuration, "" for none

	region // of everything
}

// Image is an entry of /images.
type Image struct {
	Name        string
	Type        string // such as kernel_noload
	Arch        string // such as arm64
	OS          string
	Compression compress.Format
	Load        uint64 // address, 0 where none is given
	Entry       uint64
	Offset      int64 // of the data, in the FIT
	Size        int64

	fit *FIT
}

// Parse reads the FIT at the start of r, of which size bytes are there. base
// is where r starts in the user's input; errors count from there.
func Parse(r io.ReaderAt, size, base int64) (*FIT, error) {
	whole := region{what: "FIT", r: r, base: base, end: size}
	s, err := scan(whole)
	if err != nil {
		return nil, err
	}
	t, err := readTree(whole, s)
	if err != nil {
		return nil, err
	}
	f := &FIT{Size: s.total, region: whole}
	top := fields{tree: t, node: t.root}
	f.Description = top.text("description")
	if top.err != nil {
		return nil, top.err
	}
	images, err := t.list("images")
	if err != nil {
		return nil, err
	}
	for _, n := range images {
		if err := f.addImage(t, n, s.total); err != nil {
			return nil, err
		}
	}
	return f, f.addConfigurations(t)
}

// list gives the nodes of one of the two lists.
func (t *tree) list(name string) ([]*node, error) {
	n := t.root.child(name)
	switch {
	case n == nil || len(n.children) == 0:
		return nil, t.bad(0, "FIT").Got("no /%s", name).Want("at least one").
			Fix("a device tree that is no FIT holds no kernel")
	case len(n.children) > maxImages:
		return nil, t.bad(n.at, "FIT").Got("%d nodes in /%s", len(n.children), name).Want("at most %d", maxImages)
	}
	return n.children, nil
}

func (f *FIT) addImage(t *tree, n *node, total int64) error {
	in := fields{tree: t, node: n}
	m := &Image{
		Name: n.name, Type: in.text("type"), Arch: in.text("arch"), OS: in.text("os"),
		Compression: compress.Format(in.text("compression")), fit: f,
	}
	if m.Compression == "" {
		m.Compression = compress.None
	}
	m.Load, _ = in.number("load")
	m.Entry, _ = in.number("entry")
	if in.err == nil {
		in.fail(m.place(&in, total))
	}
	if f.Image(m.Name) != nil {
		in.fail(f.bad(n.at, "FIT").Got("two images named %s", m.Name).Want("one"))
	}
	f.Size = max(f.Size, m.Offset+m.Size)
	f.Images = append(f.Images, m)
	return in.err
}

// place finds the data: in the tree, or external, behind it or anywhere.
func (m *Image) place(in *fields, total int64) error {
	if p := in.property("data"); p != nil {
		m.Offset, m.Size = p.value, p.size
		return nil
	}
	size, sized := in.number("data-size")
	offset, placed := in.number("data-position")
	if !placed {
		// From behind the tree, which is padded to a word.
		var behind int64
		offset, placed = in.number("data-offset")
		behind = min(align(total), in.end)
		if placed && offset > uint64(in.end-behind) {
			return m.outside(in, size, offset)
		}
		offset += uint64(behind)
	}
	switch end := uint64(in.end); {
	case in.err != nil:
		return in.err
	case !sized || !placed:
		return in.bad(in.at, "image %s", m.Name).Got("no data").Want("data, or data-size with data-position or data-offset")
	case offset > end || size > end-offset:
		return m.outside(in, size, offset)
	}
	m.Offset, m.Size = int64(offset), int64(size)
	return nil
}

func (m *Image) outside(in *fields, size, offset uint64) error {
	return in.bad(in.at, "image %s", m.Name).Got("%d bytes at %d", size, offset).
		Want("a place inside the %d bytes that are there", in.end)
}

// Image gives the image of that name, nil where there is none.
func (f *FIT) Image(name string) *Image {
	for _, m := range f.Images {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Data reads the image as it is stored.
func (m *Image) Data() *io.SectionReader { return io.NewSectionReader(m.fit.r, m.Offset, m.Size) }

// ReadAll gives the decompressed image of at most limit bytes.
func (m *Image) ReadAll(limit int64) ([]byte, error) {
	if m.Compression != compress.None {
		return compress.ReadAll(m.Compression, m.Data(), limit)
	}
	if m.Size > limit {
		return nil, &compress.LimitError{Err: badinput.New("image %s", m.Name).At(m.fit.base+m.Offset).
			Got("%d bytes", m.Size).Want("at most %d", limit)}
	}
	b := make([]byte, m.Size)
	_, err := io.ReadFull(m.Data(), b)
	return b, err
}
