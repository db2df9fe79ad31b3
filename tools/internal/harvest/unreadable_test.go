package harvest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/testenv"
)

// TestUnreadable: a disk that fails is not blamed on the image; the file and
// the place on the disk are named, wherever the bad block is.
func TestUnreadable(t *testing.T) {
	testenv.Need(t, "depmod", "mke2fs")
	root, image := t.TempDir(), filepath.Join(t.TempDir(), "root-a")
	large := strings.Repeat("firmware of some size ", 20000)
	tree := fw(files{"a.bin": file(large)})
	tree[inModules("m.ko")] = blob(module("m", "a.bin"))
	writeTree(t, root, tree)
	testenv.Run(t, "mke2fs", "-q", "-t", "ext2", "-b", "1024", "-d", root, image, "4M")
	data := testenv.Read(t, image)
	const in = 100000 // bytes from the start of the file, some blocks on
	for what, at := range map[string]int64{
		"a.bin": int64(bytes.Index(data, []byte(large[in:in+500]))), "m.ko": int64(bytes.Index(data, module("m", "a.bin"))),
	} {
		fsys, err := ext4.Open(testenv.BadBlock{ReaderAt: bytes.NewReader(data), At: at, Err: syscall.EIO}, int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		_, err = Run(context.Background(), Options{Shim: fsys, Names: Names{Shim: "shim.bin, partition 3"}}, t.TempDir())
		if !errors.Is(err, syscall.EIO) || badinput.Is(err) {
			t.Fatalf("%s: %v", what, err)
		}
		place := fmt.Sprintf(" at byte %d: input/output error", at)
		if text := err.Error(); !strings.HasPrefix(text, "shim.bin, partition 3: /lib/") || !strings.Contains(text, "/"+what+": ") || !strings.HasSuffix(text, place) {
			t.Errorf("%s: not %s%s", text, what, place)
		}
	}
}
