package ext4

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"shimboot/tools/internal/mkext4/mkext4test"
)

// TestMounted compares the image $EXT4_IMAGE with what Linux shows of it at
// $EXT4_MOUNT: all names, and of each all that stat, getxattr, readlink,
// SEEK_DATA and read give. Mounting takes root: see nix/tests/oracles/ext4-read.
func TestMounted(t *testing.T) {
	image, mount := os.Getenv("EXT4_IMAGE"), os.Getenv("EXT4_MOUNT")
	if image == "" || mount == "" {
		t.Skip("no image is mounted: nix/tests/oracles/ext4-read does that")
	}
	m := mounted{t: t, fsys: must(Open(mkext4test.OpenFile(t, image))), dir: mount}
	m.compareDir(".")
	if m.names == 0 || m.bytes == 0 {
		t.Error("nothing to compare")
	}
	t.Logf("compared: %d names, %d attributes, %d holes, %d bytes", m.names, m.attrs, m.holes, m.bytes)
}

type mounted struct {
	t                   *testing.T
	fsys                *FS
	dir                 string
	names, attrs, holes int
	bytes               int64
}

func (m *mounted) same(name, what string, got, want any) {
	m.t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		m.t.Errorf("%q: %s %s, want %s", name, what, g, w)
	}
}

func (m *mounted) compareDir(dir string) {
	m.compareEntry(dir, true)
	got, err := m.fsys.ReadDir(dir)
	if err != nil {
		m.t.Error(err)
		return
	}
	want := must(os.ReadDir(filepath.Join(m.dir, dir)))
	name := func(e fs.DirEntry) string { return e.Name() + " " + e.Type().String() }
	if !slices.EqualFunc(got, want, func(a, b fs.DirEntry) bool { return name(a) == name(b) }) {
		m.t.Errorf("%q: %d names, want %d: %q, want %q", dir, len(got), len(want), got, want)
		return
	}
	for _, e := range got {
		if p := filepath.Join(dir, e.Name()); e.IsDir() {
			m.compareDir(p)
		} else {
			m.compareEntry(p, false)
		}
	}
}

func (m *mounted) compareEntry(p string, isDir bool) {
	host := filepath.Join(m.dir, p)
	m.names++
	info, err := m.fsys.Lstat(p)
	if err != nil {
		m.t.Error(err)
		return
	}
	i := info.Sys().(*Inode)
	m.compareStat(p, host, i)
	m.compareXAttrs(p, host, i)
	switch {
	case i.fmode&fs.ModeSymlink != 0:
		target, err := m.fsys.ReadLink(p)
		m.same(p, "target", fmt.Sprint(target, err), fmt.Sprint(must(os.Readlink(host)), nil))
	case i.fmode.IsRegular():
		m.compareContent(p, host)
	}
	if i.fmode.IsDir() != isDir {
		m.t.Errorf("%q: %v", p, i.fmode)
	}
}

func (m *mounted) compareStat(p, host string, i *Inode) {
	var st unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, host, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_ALL, &st); err != nil {
		m.t.Fatal(err)
	}
	m.same(p, "inode, links", []any{i.Ino, i.Links}, []any{st.Ino, st.Nlink})
	m.same(p, "mode", fmt.Sprintf("%o", i.Mode), fmt.Sprintf("%o", st.Mode))
	m.same(p, "owner", []uint32{i.UID, i.GID}, []uint32{st.Uid, st.Gid})
	m.same(p, "size", i.Size, st.Size)
	m.same(p, "device", []uint32{i.Major, i.Minor}, []uint32{st.Rdev_major, st.Rdev_minor})
	at := func(s unix.StatxTimestamp) time.Time { return time.Unix(s.Sec, int64(s.Nsec)).UTC() }
	m.same(p, "times", []time.Time{i.ATime, i.MTime, i.CTime}, []time.Time{at(st.Atime), at(st.Mtime), at(st.Ctime)})
	if st.Mask&unix.STATX_BTIME != 0 {
		m.same(p, "birth", i.CrTime, at(st.Btime))
	}
}

func (m *mounted) compareXAttrs(p, host string, i *Inode) {
	got, err := i.XAttrs()
	if err != nil {
		m.t.Errorf("%q: %v", p, err)
	}
	list := make([]byte, 64<<10)
	n, err := unix.Llistxattr(host, list)
	if errors.Is(err, unix.EOPNOTSUPP) {
		n, err = 0, nil
	}
	if err != nil {
		m.t.Fatal(err)
	}
	want := map[string][]byte{}
	for name := range bytes.SplitSeq(list[:n], []byte{0}) {
		if len(name) == 0 {
			continue
		}
		value := make([]byte, 64<<10)
		k, err := unix.Lgetxattr(host, string(name), value)
		if err != nil {
			m.t.Fatal(err)
		}
		want[string(name)] = value[:k]
	}
	m.attrs += len(want)
	if !maps.EqualFunc(got, want, bytes.Equal) {
		m.t.Errorf("%q: attributes %q, want %q", p, got, want)
	}
}

// compareContent compares where the holes are, and what is between them.
func (m *mounted) compareContent(p, host string) {
	f, err := m.fsys.Open(p)
	if err != nil {
		m.t.Error(err)
		return
	}
	defer f.Close()
	h := must(os.Open(host))
	defer h.Close()
	got, want := ourRuns(m.t, f.(*openFile)), hostRuns(m.t, h)
	m.same(p, "data between holes", got, want)
	m.holes += len(want)
	for _, run := range want {
		a, b := make([]byte, run[1]-run[0]), make([]byte, run[1]-run[0])
		_, err := f.(io.ReaderAt).ReadAt(a, run[0])
		must(h.ReadAt(b, run[0]))
		if m.bytes += int64(len(b)); err != nil || !bytes.Equal(a, b) {
			m.t.Errorf("%q: content from %d to %d: %v", p, run[0], run[1], err)
		}
	}
}

func ourRuns(t *testing.T, f *openFile) (runs [][2]int64) {
	t.Helper()
	for off := int64(0); ; {
		start, end, err := f.NextData(off)
		if err == io.EOF {
			return runs
		}
		if err != nil {
			t.Error(err)
			return nil
		}
		if k := len(runs) - 1; k >= 0 && runs[k][1] == start {
			runs[k][1] = end
		} else {
			runs = append(runs, [2]int64{start, end})
		}
		off = end
	}
}

func hostRuns(t *testing.T, f *os.File) (runs [][2]int64) {
	t.Helper()
	for off := int64(0); ; {
		start, err := unix.Seek(int(f.Fd()), off, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) {
			return runs
		}
		end, err2 := unix.Seek(int(f.Fd()), start, unix.SEEK_HOLE)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		runs, off = append(runs, [2]int64{start, end}), end
	}
}
