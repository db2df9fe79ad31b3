package ext4

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"shimboot/tools/internal/mkext4/mkext4test"
)

// TestRead reads what mke2fs made of a directory, in many forms.
func TestRead(t *testing.T) {
	small, large, inline := sourceDir(t, sourceKind{}), sourceDir(t, sourceKind{large: true}), sourceDir(t, sourceKind{noTail: true})
	for _, c := range []struct {
		name, size string
		args       []string
		then       func(t *testing.T, img string)
		features   string // some that must be named
	}{
		{"ext2 1k", "100M", []string{"-t", "ext2", "-b", "1024"}, nil, "ext_attr filetype"},
		{"ext2 4k", "100M", []string{"-t", "ext2", "-b", "4096"}, nil, "filetype"},
		{"ext3 2k", "100M", []string{"-t", "ext3", "-b", "2048"}, hashDirs, "has_journal dir_index"},
		{"revision 0", "100M", []string{"-t", "ext2", "-b", "1024", "-I", "128", "-O", "none"}, revision0, ""},
		{"no filetype", "100M", []string{"-t", "ext2", "-b", "1024", "-I", "128", "-O", "^filetype"}, nil, "ext_attr"},
		{"ext4 default", "100M", []string{"-t", "ext4", "-b", "4096", "-O", "64bit,metadata_csum"}, hashDirs, "64bit metadata_csum extent flex_bg"},
		{"ext4 1k", "100M", []string{"-t", "ext4", "-b", "1024", "-I", "512"}, hashDirs, "extent"},
		{"ext4 inline", "100M", []string{"-t", "ext4", "-b", "4096", "-O", "inline_data", "-I", "256"}, nil, "inline_data"},
		{"ext4 inline 1k", "100M", []string{"-t", "ext4", "-b", "1024", "-O", "inline_data", "-I", "1024"}, nil, "inline_data"},
		{"ext4 meta_bg", "500M", []string{"-t", "ext4", "-b", "1024", "-O", "meta_bg,^resize_inode,64bit"}, nil, "meta_bg"},
		{"ext4 bigalloc", "200M", []string{"-t", "ext4", "-b", "4096", "-O", "bigalloc", "-C", "16384"}, nil, "bigalloc"},
		{"ext4 old", "100M", []string{"-t", "ext4", "-b", "4096", "-O", "^64bit,^metadata_csum,uninit_bg,^flex_bg,^sparse_super,^resize_inode"}, nil, "uninit_bg"},
		{"ext4 sparse_super2", "400M", []string{"-t", "ext4", "-b", "1024", "-O", "sparse_super2,meta_bg,^resize_inode"}, nil, "sparse_super2"},
		{"ext4 new", "100M", []string{"-t", "ext4", "-b", "4096", "-O", "metadata_csum,metadata_csum_seed,orphan_file,large_dir,ea_inode,^flex_bg"}, hashDirs, "orphan_file ea_inode"},
		{"ext4 flags", "100M", []string{"-t", "ext4", "-b", "4096", "-I", "1024", "-O", "casefold,encrypt,verity,project,quota,mmp"}, nil, "casefold encrypt verity"},
		{"unwritten", "100M", []string{"-t", "ext4", "-b", "4096"}, preallocate, "extent"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := small
			if c.name == "ext2 1k" || c.name == "ext4 default" {
				dir = large
			} else if strings.Contains(c.features, "inline_data") {
				dir = inline
			}
			img := filepath.Join(t.TempDir(), "fs.img")
			args := append(slices.Clone(c.args), "-q", "-F", "-N", "8000", "-L", "a label", "-U", "01234567-89ab-cdef-0123-456789abcdef", "-d", dir, img, c.size)
			mkext4test.Run(t, "mke2fs", args...)
			if c.then != nil {
				c.then(t, img)
			}
			fsys := must(Open(mkext4test.OpenFile(t, img)))
			if want := c.args[slices.Index(c.args, "-t")+1]; fsys.Type() != want {
				t.Errorf("%s, want %s", fsys.Type(), want)
			}
			compareDir(t, fsys, dir)
			compareHeader(t, fsys, img)
			for _, f := range strings.Fields(c.features) {
				if !slices.Contains(fsys.Features(), f) {
					t.Errorf("features %v lack %s", fsys.Features(), f)
				}
			}
		})
	}
}

// revision0 is the format of before 1995, which mke2fs no longer makes.
func revision0(t *testing.T, img string) {
	t.Helper()
	mkext4test.Run(t, "debugfs", "-w", "-R", "set_super_value rev_level 0", img)
}

// hashDirs makes the checker give large directories a hash tree.
func hashDirs(t *testing.T, img string) {
	t.Helper()
	mkext4test.Run(t, "tune2fs", "-O", "dir_index", img)
	out := mkext4test.Run(t, "debugfs", "-R", "stat /many", img)
	if !strings.Contains(out, "Flags") {
		t.Fatal(out)
	}
	fsckOptimize(t, img)
}

// preallocate turns holes into extents that were never written.
func preallocate(t *testing.T, img string) {
	t.Helper()
	for _, name := range []string{"leading", "all", "trailing"} {
		mkext4test.Run(t, "debugfs", "-w", "-R", "fallocate /"+name+" 0 40", img)
	}
	if out := mkext4test.Run(t, "debugfs", "-R", "ex /leading", img); !strings.Contains(out, "Uninit") {
		t.Fatalf("no unwritten extent: %s", out)
	}
}

// compareHeader compares the superblock with what dumpe2fs says.
func compareHeader(t *testing.T, fsys *FS, img string) {
	t.Helper()
	fields := map[string]string{}
	for line := range strings.Lines(mkext4test.Run(t, "dumpe2fs", "-h", img)) {
		k, v, _ := strings.Cut(line, ":")
		fields[k] = strings.TrimSpace(v)
	}
	want := strings.Fields(fields["Filesystem features"])
	if strings.Join(want, " ") == "(none)" {
		want = nil
	}
	got := fsys.Features()
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("features %v, dumpe2fs says %v", got, want)
	}
	if fsys.Label() != "a label" || fsys.UUID() != [16]byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef} {
		t.Errorf("label %q, UUID %x", fsys.Label(), fsys.UUID())
	}
	for name, n := range map[string]uint64{"Block count": fsys.Blocks(), "Free blocks": fsys.FreeBlocks(), "Block size": uint64(fsys.BlockSize())} {
		if fields[name] != uintString(n) {
			t.Errorf("%s %d, dumpe2fs says %s", name, n, fields[name])
		}
	}
}

// TestReadXAttrs reads attributes that debugfs set, in the inode and in a block.
func TestReadXAttrs(t *testing.T) {
	dir := t.TempDir()
	img, value := filepath.Join(dir, "fs.img"), filepath.Join(dir, "value")
	large := mkext4test.Pattern("value", 3000)
	if err := os.WriteFile(value, large, 0o600); err != nil {
		t.Fatal(err)
	}
	mkext4test.Run(t, "mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", img, "8M")
	mkext4test.Run(t, "debugfs", "-w", "-R", "write "+value+" file", img)
	mkext4test.Run(t, "debugfs", "-w", "-R", "ea_set file user.small abc", img)
	mkext4test.Run(t, "debugfs", "-w", "-R", "ea_set file security.x yz", img)
	mkext4test.Run(t, "debugfs", "-w", "-R", "ea_set -f "+value+" file trusted.large", img)
	info, err := must(Open(mkext4test.OpenFile(t, img))).Stat("file")
	if err != nil {
		t.Fatal(err)
	}
	got, err := info.Sys().(*Inode).XAttrs()
	if err != nil || len(got) != 3 || string(got["user.small"]) != "abc" || string(got["security.x"]) != "yz" || !bytes.Equal(got["trusted.large"], large) {
		t.Errorf("%d attributes %q, %v", len(got), got["user.small"], err)
	}
}

// TestPaths follows links as a kernel with this root would.
func TestPaths(t *testing.T) {
	img := filepath.Join(t.TempDir(), "fs.img")
	mkext4test.Run(t, "mke2fs", "-q", "-F", "-t", "ext4", "-N", "8000", "-d", sourceDir(t, sourceKind{}), img, "100M")
	fsys := must(Open(mkext4test.OpenFile(t, img)))
	for path, want := range map[string]error{
		"abs/c/d/e/f": nil, "up/b/c/d/e/f": nil, "slow/1": nil, "deep": nil, ".": nil,
		"loop": errLoop, "dangling": fs.ErrNotExist, "sizes/1/x": errNotDir, "nope/x": fs.ErrNotExist,
		"../etc": fs.ErrInvalid, "/deep": fs.ErrInvalid, "deep/": fs.ErrInvalid, "": fs.ErrInvalid,
	} {
		if _, err := fsys.Stat(path); !errors.Is(err, want) || (want == nil) != (err == nil) {
			t.Errorf("%q: %v, want %v", path, err, want)
		}
	}
	if _, err := fsys.ReadLink("deep"); !errors.Is(err, errNotLink) {
		t.Errorf("ReadLink of a directory: %v", err)
	}
	if err := fstest.TestFS(must(fs.Sub(fsys, "sizes")), "1", "61"); err != nil {
		t.Error(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
