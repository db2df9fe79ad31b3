package initramfs_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/cpio"
	"shimboot/tools/internal/initramfs"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/tree"
)

func archive(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var entries []*tree.Entry
	for name, content := range files {
		entries = append(entries, &tree.Entry{
			Path: name, Mode: 0o755, Size: int64(len(content)),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil },
		})
	}
	entries = append(entries, &tree.Entry{Path: "dev", Mode: fs.ModeDir | 0o755})
	merged, err := tree.Merge(entries)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := cpio.Write(&b, merged); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func xz(t *testing.T, d []byte) []byte {
	t.Helper()
	testenv.Run(t, "xz", "--version")
	cmd := exec.Command("xz", "--check=crc32", "-c")
	cmd.Stdin = bytes.NewReader(d)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// section lays an archive out as the linker script does: 4-aligned, and the
// length in the next 8-aligned word.
func section(archive []byte) []byte {
	d := append([]byte{}, archive...)
	d = append(d, make([]byte, -len(d)&7)...)
	return binary.LittleEndian.AppendUint64(d, uint64(len(archive)))
}

const base = 0xffffffff82000000

func locate(parts ...[]byte) (*initramfs.Found, error) {
	var d []byte
	for _, p := range parts {
		d = append(d, make([]byte, -len(d)&7+8)...)
		d = append(d, p...)
	}
	d = append(d, make([]byte, 64)...)
	return initramfs.Locate([]initramfs.Segment{{Address: base, Offset: 4096, Data: d, Word: 8}}, 1<<24)
}

// Other archives in a kernel, before and behind, do not mislead the search.
func TestFindsTheArchiveThatTheLengthBelongsTo(t *testing.T) {
	wanted := archive(t, map[string]string{"init": "#!/bin/sh\n", "bin/busybox": strings.Repeat("program ", 1000)})
	decoy := archive(t, map[string]string{"init": "kernel headers", "kernel/kheaders": "x"})
	for name, data := range map[string][]byte{"xz": xz(t, wanted), "raw": wanted} {
		t.Run(name, func(t *testing.T) {
			found, err := locate(xz(t, decoy), decoy, section(data), xz(t, decoy), decoy)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(found.Cpio, wanted) || found.Size != int64(len(data)) {
				t.Errorf("found %d bytes of %s, want the %d of the archive", found.Size, found.Compression, len(data))
			}
			if found.Default() || !found.HasInit() {
				t.Error("a shim's archive is taken for the default one")
			}
		})
	}
}

func TestDefaultArchiveGivesWayToOneWithInit(t *testing.T) {
	standard := archive(t, nil)
	found, err := locate(section(standard))
	if err != nil || !found.Default() || found.Compression != compress.None {
		t.Fatalf("%v, %+v: want the default archive", err, found)
	}
	found, err = locate(section(standard), section(archive(t, map[string]string{"init": "#!"})))
	if err != nil || !found.HasInit() {
		t.Errorf("%v: want the archive with /init", err)
	}
}

func TestRefusals(t *testing.T) {
	one := archive(t, map[string]string{"init": "1"})
	two := archive(t, map[string]string{"init": "2"})
	for name, test := range map[string]struct {
		parts [][]byte
		want  string
	}{
		"no archive":         {[][]byte{[]byte("some kernel text")}, "found none in the kernel"},
		"no length":          {[][]byte{one}, "found none in the kernel"},
		"two equally good":   {[][]byte{section(one), section(two)}, "2 that are equally good"},
		"archive cut off":    {[][]byte{section(xz(t, one)[:100])}, "found none"},
		"length out of data": {[][]byte{binary.LittleEndian.AppendUint64(nil, 1<<40)}, "found none"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := locate(test.parts...)
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}

func TestWhatTheShimsScriptSays(t *testing.T) {
	const head = "#!/bin/sh\n"
	for name, test := range map[string]struct {
		script string
		verity bool
		tmpfs  int64
	}{
		"old shim":    {head + "mount -t tmpfs tmpfs /newroot -o size=640M\nexec switch_root /newroot /sbin/init", false, 640 << 20},
		"variable":    {head + "SIZE=1024M\nmount -n -t tmpfs tmpfs \"$ROOT\" \\\n -o size=${SIZE}\nswitch_root", false, 1 << 30},
		"new shim":    {head + "mount -t tmpfs tmpfs /newroot\ndmsetup create -r vroot\nswitch_root", true, 0},
		"commented":   {head + "# dmsetup create vroot\nmount -t tmpfs tmpfs /n\nswitch_root", false, 0},
		"unrelated":   {head + "dmsetup create x", false, 0},
		"not a shell": {"ELF tmpfs switch_root dmsetup create", false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := archive(t, map[string]string{"bin/bootstrap.sh": test.script})
			entries, err := cpio.Read(bytes.NewReader(d), int64(len(d)))
			if err != nil {
				t.Fatal(err)
			}
			shim, err := initramfs.InspectShim(entries)
			if err != nil {
				t.Fatal(err)
			}
			if shim.UsesVerity != test.verity || shim.RootTmpfsBytes != test.tmpfs {
				t.Errorf("verity %v, tmpfs %d; want %v, %d", shim.UsesVerity, shim.RootTmpfsBytes, test.verity, test.tmpfs)
			}
		})
	}
}

func FuzzLocate(f *testing.F) {
	f.Add([]byte("070701"))
	f.Fuzz(func(t *testing.T, d []byte) {
		for _, word := range []int{4, 8} {
			_, err := initramfs.Locate([]initramfs.Segment{{Address: base + 4, Data: d, Word: word}}, 1<<16)
			if err != nil && !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
		}
	})
}

func FuzzELFSegments(f *testing.F) {
	f.Add([]byte("\x7fELF\x02\x01\x01"))
	f.Fuzz(func(t *testing.T, d []byte) {
		if _, err := initramfs.ELFSegments(d); err != nil && !badinput.Is(err) {
			t.Errorf("not blamed on the input: %v", err)
		}
	})
}
