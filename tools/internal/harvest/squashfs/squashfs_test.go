package squashfs_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/squashfs"
	"shimboot/tools/internal/testenv"
)

// sample is a tree with what ChromeOS roots have: large files, small ones that
// share a block, holes, links, a large directory.
func sample(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	noise := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 700_001)
	for i := range random {
		random[i] = byte(noise.Uint32())
	}
	files := map[string][]byte{
		"lib/firmware/random.bin": random,
		"lib/firmware/text.bin":   bytes.Repeat([]byte("all the same "), 50_000),
		"lib/firmware/empty":      nil,
		"lib/firmware/hole":       append(make([]byte, 300_000), "end"...),
		"lib/firmware/tail-hole":  append([]byte("start"), make([]byte, 300_000)...),
		"bin/block":               random[:131072],
	}
	for i := range 600 {
		files["many/"+strings.Repeat("n", i%40)+string(rune('a'+i%26))+string(rune('a'+i/26))] = random[i : 2*i]
	}
	for name, data := range files {
		name = filepath.Join(root, name)
		err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o640))
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"lib/firmware/up": "../../bin/block", "lib/firmware/out": "/opt/x", "long": strings.Repeat("x/", 400), "dir": "lib",
	} {
		if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// makeImage runs mksquashfs.
func makeImage(t testing.TB, root string, options ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "image")
	testenv.Run(t, "mksquashfs", append([]string{root, out, "-quiet", "-no-progress", "-all-root"}, options...)...)
	return testenv.Read(t, out)
}

func open(t testing.TB, image []byte) *squashfs.FS {
	t.Helper()
	fsys, err := squashfs.Open(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	return fsys
}

// TestAgreesWithUnsquashfs compares every name with what unsquashfs unpacks.
func TestAgreesWithUnsquashfs(t *testing.T) {
	root := sample(t)
	for name, options := range map[string][]string{
		"gzip":         {"-comp", "gzip"},
		"xz":           {"-comp", "xz"},
		"zstd":         {"-comp", "zstd"},
		"small blocks": {"-b", "4096"},
		"large blocks": {"-b", "1M"},
		"no fragments": {"-no-fragments"},
		"tail ends":    {"-always-use-fragments"},
		"plain":        {"-noI", "-noD", "-noF", "-noX", "-noId"},
		"no exports":   {"-no-exports", "-no-xattrs", "-no-duplicates", "-no-sparse"},
	} {
		t.Run(name, func(t *testing.T) {
			image := makeImage(t, root, options...)
			want := filepath.Join(t.TempDir(), "want")
			testenv.Run(t, "unsquashfs", "-quiet", "-no-progress", "-dest", want, testenv.Write(t, "image", image))
			// Behind the file system there may be something else.
			fsys := open(t, append(image, make([]byte, 10_000)...))
			if n := same(t, fsys, want); n < 600 {
				t.Errorf("only %d names", n)
			}
		})
	}
}

// same compares a tree with one on the disk, both ways, and counts the names.
func same(t *testing.T, fsys *squashfs.FS, want string) int {
	t.Helper()
	n := 0
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		n++
		got, err := fsys.Lstat(name)
		if err != nil {
			return err
		}
		there, err := os.Lstat(filepath.Join(want, name))
		if err != nil {
			return err
		}
		if got.Mode() != there.Mode() || !got.ModTime().Equal(there.ModTime()) || got.Mode().IsRegular() && got.Size() != there.Size() {
			t.Errorf("%s: %v %v %d, want %v %v %d", name, got.Mode(), got.ModTime(), got.Size(), there.Mode(), there.ModTime(), there.Size())
		}
		switch got.Mode().Type() {
		case 0:
			data, err := fs.ReadFile(fsys, name)
			if err != nil || !bytes.Equal(data, testenv.Read(t, filepath.Join(want, name))) {
				t.Fatalf("%s: its content differs (%v)", name, err)
			}
		case fs.ModeSymlink:
			target, err := fsys.ReadLink(name)
			if wanted, _ := os.Readlink(filepath.Join(want, name)); err != nil || target != wanted {
				t.Errorf("%s: leads to %q (%v), want %q", name, target, err, wanted)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	left := n
	if err := filepath.WalkDir(want, func(string, fs.DirEntry, error) error { left--; return nil }); err != nil || left != 0 {
		t.Errorf("%d names more than unsquashfs has (%v)", left, err)
	}
	return n
}

func TestIsAFileSystem(t *testing.T) {
	root := sample(t)
	if err := os.Remove(filepath.Join(root, "dir")); err != nil { // fs.FS has no say on links to directories
		t.Fatal(err)
	}
	if err := fstest.TestFS(plain{open(t, makeImage(t, root))}, "lib/firmware/random.bin", "lib/firmware/empty", "bin/block"); err != nil {
		t.Error(err)
	}
}

// plain hides links, which TestFS wants to lead somewhere.
type plain struct{ *squashfs.FS }

func (p plain) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := p.FS.ReadDir(name)
	return withoutLinks(list), err
}

func (p plain) Open(name string) (fs.File, error) {
	f, err := p.FS.Open(name)
	if d, ok := f.(fs.ReadDirFile); ok && err == nil {
		return plainDir{d}, nil
	}
	return f, err
}

type plainDir struct{ fs.ReadDirFile }

func (d plainDir) ReadDir(n int) ([]fs.DirEntry, error) {
	for {
		list, err := d.ReadDirFile.ReadDir(n)
		if kept := withoutLinks(list); len(kept) > 0 || err != nil || n <= 0 {
			return kept, err
		}
	}
}

func withoutLinks(list []fs.DirEntry) (kept []fs.DirEntry) {
	for _, e := range list {
		if e.Type() != fs.ModeSymlink {
			kept = append(kept, e)
		}
	}
	return kept
}

func TestNamesThatAreNotThere(t *testing.T) {
	fsys := open(t, makeImage(t, sample(t)))
	for name, want := range map[string]error{
		"lib/nowhere": fs.ErrNotExist, "dir/firmware": fs.ErrNotExist, "bin/block/x": fs.ErrNotExist,
		"/bin": fs.ErrInvalid, "../bin": fs.ErrInvalid, "dir": fs.ErrInvalid,
	} {
		if _, err := fsys.Open(name); !errors.Is(err, want) || badinput.Is(err) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	if _, err := fsys.ReadLink("bin"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a directory as a link: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	image := makeImage(t, sample(t))
	put := func(offset int, value any) []byte {
		changed := bytes.Clone(image)
		if _, err := binary.Encode(changed[offset:], binary.LittleEndian, value); err != nil {
			t.Fatal(err)
		}
		return changed
	}
	for name, c := range map[string]struct {
		image []byte
		want  string
	}{
		"cut off":          {image[:len(image)/2], "squashfs size at offset 40"},
		"empty":            {nil, "found 0 bytes, want at least 96"},
		"lzma":             {put(20, uint16(2)), "squashfs compression at offset 20: found lzma, want gzip, xz without a filter"},
		"unknown":          {put(20, uint16(9)), "found compression 9"},
		"block size 0":     {put(12, uint32(0)), "squashfs block size at offset 12: found 0"},
		"odd block size":   {put(12, uint32(130000)), "found 130000, want a power of two"},
		"version":          {put(28, uint16(3)), "found 3.0, want 4.0"},
		"no owners":        {put(26, uint16(0)), "number of owners"},
		"table past end":   {put(72, uint64(1<<40)), "squashfs table at offset 72"},
		"table negative":   {put(48, uint64(1<<63)), "squashfs table at offset 48"},
		"many fragments":   {put(16, uint32(1<<31)), "squashfs table at offset 80"},
		"root inode":       {put(32, uint64(1<<47)), "squashfs: tables"},
		"lz4":              {makeImage(t, "/usr/bin/env", "-comp", "lz4"), "found lz4, want gzip"},
		"lzo":              {makeImage(t, "/usr/bin/env", "-comp", "lzo"), "found lzo, want gzip"},
		"machine-code xz":  {makeImage(t, "/usr/bin/env", "-comp", "xz", "-Xbcj", "x86"), "offset 102: found xz with a filter for machine code"},
		"other magic":      {put(0, uint32(0)), "squashfs magic"},
		"other's contents": {put(20, uint16(6)), "squashfs: tables"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys, err := squashfs.Open(bytes.NewReader(c.image), int64(len(c.image)))
			if err == nil {
				_, err = readAll(fsys)
			}
			if err == nil || !badinput.Is(err) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// readAll reads everything and gives the first error.
func readAll(fsys *squashfs.FS) (n int64, err error) {
	err = fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.Type() == fs.ModeSymlink:
			_, err = fsys.ReadLink(name)
		case e.Type() == 0:
			var f fs.File
			if f, err = fsys.Open(name); err != nil {
				return err
			}
			var size int64
			size, err = io.Copy(io.Discard, io.LimitReader(f, 10<<20))
			n += size
		}
		return err
	})
	return n, err
}

// TestMediumFails: that is no fault of the image.
func TestMediumFails(t *testing.T) {
	image := makeImage(t, sample(t))
	broken := errors.New("unreadable sector")
	fsys, err := squashfs.Open(&failing{bytes.NewReader(image), 200_000, broken}, int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := readAll(fsys); !errors.Is(err, broken) || badinput.Is(err) {
		t.Errorf("got %v", err)
	}
}

// failing has bytes that cannot be read at one place.
type failing struct {
	io.ReaderAt
	at  int64
	err error
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if off <= f.at && f.at < off+int64(len(p)) {
		return 0, f.err
	}
	return f.ReaderAt.ReadAt(p, off)
}
