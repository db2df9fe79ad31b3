// Package inspect looks at a finished image: whether firmware would take it,
// and what it says of itself.
//
//	checks, err := inspect.Checks(ctx, img, shim)
//	origin := inspect.OriginOf(img, table)
package inspect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/vboot"
)

// Image is an image and its partition table.
type Image struct {
	io.ReaderAt
	Path  string // for messages
	Size  int64  // bytes
	Table *gpt.Table
}

// Check is one thing that was looked at.
type Check struct {
	Name     string   `json:"name"`
	OK       bool     `json:"ok"`
	Note     string   `json:"note,omitempty"`     // what was found, where it is as it should be
	Problems []string `json:"problems,omitempty"` // what was found, where it is not
	Remedy   string   `json:"remedy,omitempty"`
}

// newCheck passes where there are no problems.
func newCheck(name, note, remedy string, problems ...string) Check {
	if len(problems) == 0 {
		return Check{Name: name, OK: true, Note: note}
	}
	return Check{Name: name, Problems: problems, Remedy: remedy}
}

// Checks looks at everything that firmware does, and at the shim's kernel where
// shim is not nil.
func Checks(ctx context.Context, img, shim *Image) ([]Check, error) {
	problems, err := gpt.CheckFirmware(img, img.Size)
	if err != nil {
		return nil, err
	}
	checks := []Check{newCheck("partition tables", "primary and backup keep firmware's rules and are equal",
		fmt.Sprintf("cgpt repair %s, where one of the two is whole; else make the image again", img.Path), problems...)}
	kernel, err := img.Table.Kernel()
	if err != nil {
		return append(checks, newCheck("kernel", "", "cgpt add -i NUMBER -P 10 -T 5 -S 1 "+img.Path+" has firmware boot it", err.Error())), nil
	}
	checks = append(checks,
		newCheck("kernel", fmt.Sprintf("partition %d (%s) is what firmware boots: priority %d, tries %d, successful %t",
			kernel.Number, kernel.Name, kernel.Priority(), kernel.Tries(), kernel.Successful()), ""),
		checkRoot(img.Table, kernel))
	signed, size := checkSigned(img, kernel)
	checks = append(checks, signed...)
	if shim == nil || size == 0 {
		return checks, nil
	}
	compared, err := compareKernel(ctx, img, kernel, size, shim)
	if err != nil {
		return nil, err
	}
	return append(checks, compared), nil
}

func checkRoot(t *gpt.Table, kernel *gpt.Partition) Check {
	root, err := t.RootOf(kernel)
	if err != nil {
		return newCheck("root", "", "make the image again, with ROOT-A right behind its kernel", err.Error())
	}
	return newCheck("root", fmt.Sprintf("partition %d (%s), where the kernel looks for it", root.Number, root.Name), "")
}

// checkSigned checks what the kernel is signed with, and gives its size, 0
// where it is none.
func checkSigned(img io.ReaderAt, p *gpt.Partition) ([]Check, int64) {
	const remedy = "the kernel is not as it was signed: make the image again, from an undamaged shim"
	blob, err := vboot.Parse(io.NewSectionReader(img, p.Start, p.Size), p.Size)
	if err != nil {
		return []Check{newCheck("signed kernel", "", remedy, err.Error())}, 0
	}
	found, _ := blob.Verify(nil) // its error is that of the first check
	checks := make([]Check, len(found))
	for i, f := range found {
		checks[i] = newCheck(f.Name, f.Note, "")
		if !f.OK {
			checks[i] = newCheck(f.Name, "", remedy, f.Note)
		}
	}
	return checks, blob.Size()
}

// compareKernel compares the kernel's bytes with those of the shim's.
func compareKernel(ctx context.Context, img *Image, p *gpt.Partition, size int64, shim *Image) (Check, error) {
	const name = "shim's kernel"
	q, err := shim.Table.Kernel()
	if err != nil {
		return Check{}, fmt.Errorf("%s: %w", shim.Path, err)
	}
	same := q.Size >= size
	if same {
		same, err = equal(ctx, io.NewSectionReader(img, p.Start, size), io.NewSectionReader(shim, q.Start, size))
	}
	if err != nil {
		return Check{}, err
	}
	if !same {
		return newCheck(name, "", "compare with the shim that the image was made from, or make it again from this one",
			fmt.Sprintf("partition %d differs from the kernel of %s", p.Number, shim.Path)), nil
	}
	return newCheck(name, fmt.Sprintf("%d bytes, the same as in %s", size, shim.Path), ""), nil
}

// equal compares sections of one size, piece by piece.
func equal(ctx context.Context, a, b *io.SectionReader) (bool, error) {
	x, y := make([]byte, 1<<20), make([]byte, 1<<20)
	for off := int64(0); off < a.Size() && ctx.Err() == nil; off += int64(len(x)) {
		n := min(int64(len(x)), a.Size()-off)
		if _, err := a.ReadAt(x[:n], off); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if _, err := b.ReadAt(y[:n], off); err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if !bytes.Equal(x[:n], y[:n]) {
			return false, nil
		}
	}
	return true, ctx.Err()
}
