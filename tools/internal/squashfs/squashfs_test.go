package squashfs_test

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/squashfs"
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
