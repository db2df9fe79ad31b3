package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"shimboot/tools/internal/gptdisk"
	"shimboot/tools/internal/vboot"
)

// check is one thing that was looked at.
type check struct {
	Name     string   `json:"name"`
	OK       bool     `json:"ok"`
	Note     string   `json:"note,omitempty"`     // what was found, where it is as it should be
	Problems []string `json:"problems,omitempty"` // what was found, where it is not
	Remedy   string   `json:"remedy,omitempty"`
}

// newCheck passes where there are no problems.
func newCheck(name, note, remedy string, problems ...string) check {
	if len(problems) == 0 {
		return check{Name: name, OK: true, Note: note}
	}
	return check{Name: name, Problems: problems, Remedy: remedy}
}

// checksOf looks at everything that firmware does, and at the shim's kernel.
func checksOf(c *cli.Context, img *opened) ([]check, error) {
	problems, err := gptdisk.CheckFirmware(img, img.Size())
	if err != nil {
		return nil, err
	}
	checks := []check{newCheck("partition tables", "primary and backup keep firmware's rules and are equal",
		fmt.Sprintf("cgpt repair %s, where one of the two is whole; else make the image again", img.path), problems...)}
	kernel, err := img.table.Kernel()
	if err != nil {
		return append(checks, newCheck("kernel", "", "cgpt add -i NUMBER -P 10 -T 5 -S 1 "+img.path+" has firmware boot it", err.Error())), nil
	}
	checks = append(checks,
		newCheck("kernel", fmt.Sprintf("partition %d (%s) is what firmware boots: priority %d, tries %d, successful %t",
			kernel.Number, kernel.Name, kernel.Priority(), kernel.Tries(), kernel.Successful()), ""),
		checkRoot(img.table, kernel))
	signed, size := checkSigned(img, kernel)
	checks = append(checks, signed...)
	if shim := c.String("shim"); shim != "" && size > 0 {
		same, err := sameKernel(c, img, kernel, size)
		if err != nil {
			return nil, err
		}
		k := newCheck("shim's kernel", fmt.Sprintf("%d bytes, the same as in %s", size, shim), "")
		if !same {
			k = newCheck(k.Name, "", "compare with the shim that the image was made from, or make it again from this one",
				fmt.Sprintf("partition %d differs from the kernel of %s", kernel.Number, shim))
		}
		checks = append(checks, k)
	}
	return checks, nil
}

func checkRoot(t *gptdisk.Table, kernel *gptdisk.Partition) check {
	root, err := t.RootOf(kernel)
	if err != nil {
		return newCheck("root", "", "make the image again, with ROOT-A right behind its kernel", err.Error())
	}
	return newCheck("root", fmt.Sprintf("partition %d (%s), where the kernel looks for it", root.Number, root.Name), "")
}

// checkSigned checks what the kernel is signed with, and gives its size, 0
// where it is none.
func checkSigned(img io.ReaderAt, p *gptdisk.Partition) ([]check, int64) {
	const remedy = "the kernel is not as it was signed: make the image again, from an undamaged shim"
	blob, err := vboot.Parse(io.NewSectionReader(img, p.Start, p.Size), p.Size)
	if err != nil {
		return []check{newCheck("signed kernel", "", remedy, err.Error())}, 0
	}
	found, _ := blob.Verify(nil) // its error is that of the first check
	checks := make([]check, len(found))
	for i, f := range found {
		checks[i] = newCheck(f.Name, f.Note, "")
		if !f.OK {
			checks[i] = newCheck(f.Name, "", remedy, f.Note)
		}
	}
	return checks, blob.Size()
}

// sameKernel compares the blob's bytes with those of the --shim's kernel.
func sameKernel(c *cli.Context, img *opened, p *gptdisk.Partition, size int64) (bool, error) {
	other, err := openImage(c, c.String("shim"))
	if err != nil {
		return false, err
	}
	defer other.Close()
	q, err := other.table.Kernel()
	if err != nil {
		return false, fmt.Errorf("%s: %w", other.path, err)
	}
	if q.Size < size {
		return false, nil
	}
	a, b := make([]byte, 1<<20), make([]byte, 1<<20)
	for off := int64(0); off < size && c.Context.Err() == nil; off += int64(len(a)) {
		n := min(int64(len(a)), size-off)
		if _, err := img.ReadAt(a[:n], p.Start+off); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if _, err := other.ReadAt(b[:n], q.Start+off); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if !bytes.Equal(a[:n], b[:n]) {
			return false, nil
		}
	}
	return true, c.Context.Err()
}
