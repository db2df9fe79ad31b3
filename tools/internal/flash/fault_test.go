package flash_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/flash"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

// Whatever goes wrong, the disk has no partition table afterwards.
func TestFaults(t *testing.T) {
	img, _ := diskImage(t)
	const readBack = "read back other than they were written"
	for name, test := range map[string]struct {
		disk func() *memory
		want string
	}{
		"a bit that flips": {func() *memory {
			m := used()
			m.write = func(d, p []byte, off int64) {
				copy(d[off:], p)
				if off >= rootStart {
					d[off+int64(len(p))/2] ^= 4
				}
			}
			return m
		}, readBack},
		"a stick of 16 MiB that says more": {func() *memory {
			m := used()
			m.write = func(d, p []byte, off int64) { copy(d[off%(16<<20):], p) }
			return m
		}, readBack},
		"zeros that are none": {func() *memory {
			m := used()
			m.d, m.keep = make([]byte, diskSize), true
			m.d[7<<20] = 1 // ROOT-A, of which the image has nothing
			return m
		}, readBack},
		"an I/O error": {func() *memory {
			m := used()
			m.before = func(off int64) error {
				if off >= rootStart {
					return &os.PathError{Op: "write", Path: "disk", Err: unix.EIO}
				}
				return nil
			}
			return m
		}, "input/output error"},
	} {
		t.Run(name, func(t *testing.T) {
			disk := test.disk()
			_, err := write(t, img, disk)
			checkIncomplete(t, disk, err, test.want)
		})
	}
}

// Where it is the table itself that fails, there is none either, or it is said
// that there may be.
func TestFaultsOfTheTable(t *testing.T) {
	img, _ := diskImage(t)
	eio := &os.PathError{Op: "write", Path: "disk", Err: unix.EIO}
	for _, off := range []int64{diskSize - gpt.TailSize, 0} {
		disk := used()
		disk.before = func(at int64) error {
			if at == off {
				return eio
			}
			return nil
		}
		_, err := write(t, img, disk)
		checkIncomplete(t, disk, err, "the disk has no partition table now")
		disk = used()
		disk.write = func(d, p []byte, at int64) {
			copy(d[at:], p)
			if at == off {
				d[at+int64(len(p))-1] ^= 1
			}
		}
		_, err = write(t, img, disk)
		checkIncomplete(t, disk, err, "the disk has no partition table now")
	}
	for _, first := range []int64{0, diskSize - 1<<20} {
		disk := used()
		disk.zero = func(at int64) error {
			if at == first {
				return eio
			}
			return nil
		}
		var incomplete *flash.IncompleteError
		if _, err := write(t, img, disk); !errors.As(err, &incomplete) || incomplete.Wiped || !strings.Contains(err.Error(), "may have an old or a new partition table") {
			t.Errorf("not zeroed at %d: %v", first, err)
		}
	}
}

func checkIncomplete(t *testing.T, disk *memory, err error, want string) {
	t.Helper()
	var incomplete *flash.IncompleteError
	if !errors.As(err, &incomplete) || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
	if table, err := gpt.Read(bytes.NewReader(disk.d), disk.Size()); err == nil {
		t.Errorf("the disk has %v", table)
	}
}

func TestInterrupted(t *testing.T) {
	img, _ := diskImage(t)
	for _, after := range []int{0, 1, 5} {
		disk := used()
		ctx, cancel := context.WithCancel(context.Background())
		disk.before = func(int64) error {
			if disk.writes > after {
				cancel()
			}
			return nil
		}
		_, err := writeContext(t, ctx, img, disk)
		checkIncomplete(t, disk, err, "interrupted; the disk has no partition table now")
		if errors.Is(err, context.Canceled) {
			t.Error("who sees context.Canceled says that nothing was written")
		}
	}
}

func TestTooSmall(t *testing.T) {
	img, _ := diskImage(t)
	disk := &memory{d: make([]byte, imageSize-512)}
	if _, err := write(t, img, disk); !badinput.Is(err) || disk.writes > 0 {
		t.Errorf("%v after %d writes", err, disk.writes)
	}
}

// What is no image, or not all of one, is refused with no disk at hand.
func TestImagesRefused(t *testing.T) {
	img, _ := diskImage(t)
	whole := testenv.Read(t, img)
	change := func(f func(d []byte)) []byte {
		d := bytes.Clone(whole)
		f(d)
		return d
	}
	noKernel := testenv.Write(t, "img", whole)
	testenv.Run(t, "cgpt", "add", "-i", "2", "-P", "0", noKernel)
	for name, test := range map[string]struct {
		d    []byte
		want string
	}{
		"cut off":         {whole[:imageSize-512], "the image is cut off"},
		"nothing":         {nil, "found 0 bytes"},
		"text":            {bytes.Repeat([]byte("text "), 10000), "a primary partition table"},
		"damaged entries": {change(func(d []byte) { d[1100] ^= 1 }), "entries' checksum"},
		"no kernel":       {testenv.Read(t, noKernel), "none with a priority and tries left"},
	} {
		_, err := flash.Open(context.Background(), testenv.Write(t, "img", test.d))
		if !badinput.Is(err) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}
