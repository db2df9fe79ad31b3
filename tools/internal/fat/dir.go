package fat

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/listing"
)

const (
	entrySize = 32

	attrVolume    = 0x08
	attrDirectory = 0x10
	attrLong      = 0x0f // a part of a long name

	maxDir  = 65536 * entrySize
	maxFile = 64 << 20
)

// File is a file or a directory.
type File struct {
	Path    string // of names with slashes between
	Dir     bool
	Size    int64
	ModTime time.Time // taken as UTC, to two seconds

	where extent
	entry int64 // offset of the directory's entry in its bytes
	dir   extent
}

// List gives all files and directories, each directory before what is in it. No
// cluster may be part of two directories.
func (f *FS) List() ([]File, error) {
	l := &lister{fs: f, seen: f.unseen()}
	err := l.dir(".", f.root)
	return l.out, err
}

// unseen has a false for each cluster.
func (f *FS) unseen() []bool { return make([]bool, f.clusters+2) }

// lister is one List.
type lister struct {
	fs    *FS
	seen  []bool // clusters that are part of a directory
	names listing.Names
	out   []File
}

func (l *lister) dir(dir string, e extent) error {
	list, err := l.fs.directory(e, l.seen)
	if err == nil {
		err = l.names.Enter(dir, len(list))
	}
	if err != nil {
		return fmt.Errorf("directory %q: %w", dir, err)
	}
	for _, file := range list {
		if file.Path, err = l.names.Join(dir, file.Path); err != nil {
			return err
		}
		l.out = append(l.out, file)
		if !file.Dir {
			continue
		}
		if err := l.dir(file.Path, file.where); err != nil {
			return err
		}
	}
	return nil
}

// ReadFile reads a file of at most 64 MiB; case does not count in its name.
func (f *FS) ReadFile(name string) ([]byte, error) {
	file, err := f.find(name)
	if err != nil {
		return nil, err
	}
	return f.read(file.where, maxFile, nil)
}

// Content is a part of a directory entry that says when a file was written,
// where it is and how large: what may be exchanged between two files.
type Content [entrySize - 18]byte

// Content reads that of a file, and gives its offset.
func (f *FS) Content(name string) (c Content, off int64, err error) {
	file, err := f.find(name)
	if err != nil {
		return c, 0, err
	}
	off = file.dir.at + file.entry
	if file.dir.at == 0 {
		cluster := file.dir.first
		for range file.entry / f.cluster {
			cluster = f.next(cluster)
		}
		off = f.data + (cluster-2)*f.cluster + file.entry%f.cluster
	}
	off += entrySize - int64(len(c))
	return c, off, readFull(f.r, c[:], off)
}

// find finds a file.
func (f *FS) find(name string) (*File, error) {
	at, seen := File{Dir: true, where: f.root}, f.unseen()
	for part := range strings.SplitSeq(path.Clean(name), "/") {
		var list []File
		var err error
		if at.Dir {
			if list, err = f.directory(at.where, seen); err != nil {
				return nil, err
			}
		}
		i := slices.IndexFunc(list, func(file File) bool { return strings.EqualFold(file.Path, part) })
		if i < 0 {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		at = list[i]
	}
	if at.Dir {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &at, nil
}

// directory reads the entries of a directory, without "." and "..". Seen are
// the clusters of other directories, to which it adds its own.
func (f *FS) directory(e extent, seen []bool) ([]File, error) {
	b, err := f.read(e, maxDir, seen)
	if err != nil {
		return nil, err
	}
	var out []File
	var long longName
	for at := 0; at+entrySize <= len(b) && b[at] != 0; at += entrySize {
		d := b[at:][:entrySize]
		switch {
		case d[0] == 0xe5: // deleted
			long = longName{}
			continue
		case d[11]&0x3f == attrLong:
			long.add(d)
			continue
		case d[11]&attrVolume != 0 || d[0] == '.':
			long = longName{}
			continue
		}
		file := entry(d)
		file.dir, file.entry = e, int64(at)
		if name := long.name(d); name != "" {
			file.Path = name
		}
		long = longName{}
		// A slash would make a path of it; no system writes one.
		if !fs.ValidPath(file.Path) || strings.Contains(file.Path, "/") {
			return nil, badinput.New("name in a directory").Got("%q", file.Path).Want("one of a file")
		}
		out = append(out, file)
	}
	return out, nil
}

// entry decodes a directory entry under its short name.
func entry(d []byte) File {
	le := binary.LittleEndian
	f := File{Path: shortName(d), Dir: d[11]&attrDirectory != 0, Size: int64(le.Uint32(d[28:]))}
	f.where = extent{first: int64(le.Uint16(d[20:]))<<16 | int64(le.Uint16(d[26:])), size: f.Size}
	if f.Dir {
		f.Size, f.where.size = 0, -1
	}
	when, day := le.Uint16(d[22:]), le.Uint16(d[24:])
	f.ModTime = time.Date(1980+int(day>>9), time.Month(day>>5&15), int(day&31),
		int(when>>11), int(when>>5&63), int(when&31)*2, 0, time.UTC)
	return f
}

// shortName is NAME.EXT; two bits say that a half is to be shown in lower case.
func shortName(d []byte) string {
	half := func(b []byte, lower bool) string {
		s := []rune(nil)
		for _, c := range b {
			if c >= 0x80 { // of a code page that nothing names
				s = append(s, '\ufffd')
				continue
			}
			s = append(s, rune(c))
		}
		name := strings.TrimRight(string(s), " ")
		if lower {
			name = strings.ToLower(name)
		}
		return name
	}
	name, ext := half(d[:8], d[12]&0x08 != 0), half(d[8:11], d[12]&0x10 != 0)
	if ext != "" {
		name += "." + ext
	}
	return name
}

// longName collects the entries before a file's own, last part first.
type longName struct {
	parts [][]uint16
	sum   byte
	next  int // number of the part that has to follow
}

func (l *longName) add(d []byte) {
	number := int(d[0] & 0x1f)
	if d[0]&0x40 != 0 {
		*l = longName{sum: d[13], next: number}
	}
	if number == 0 || number != l.next || d[13] != l.sum {
		*l = longName{}
		return
	}
	l.next--
	var part []uint16
	for _, r := range [][]byte{d[1:11], d[14:26], d[28:32]} {
		for ; len(r) > 0; r = r[2:] {
			part = append(part, binary.LittleEndian.Uint16(r))
		}
	}
	l.parts = append([][]uint16{part}, l.parts...)
}

// name is "" where the entries are not whole or belong to another short name.
func (l *longName) name(d []byte) string {
	var sum byte
	for _, c := range d[:11] {
		sum = sum>>1 | sum<<7
		sum += c
	}
	if len(l.parts) == 0 || l.next != 0 || l.sum != sum {
		return ""
	}
	var units []uint16
	for _, p := range l.parts {
		units = append(units, p...)
	}
	for i, u := range units {
		if u == 0 {
			units = units[:i]
			break
		}
	}
	return string(utf16.Decode(units))
}
