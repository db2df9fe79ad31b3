package revision

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/ext4/ondisk"
)

// put gives name, a valid path, a content.
func (v *volume) put(name string, content []byte, when time.Time) error {
	dir, missing, err := v.way(name)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return v.add(dir, missing, content, when)
	}
	at, err := v.inodeOf(name)
	if err != nil {
		return err
	}
	file, err := v.edit(at)
	if err != nil {
		return err
	}
	if err := v.replace(file, content); err != nil {
		return err
	}
	v.save(file, when)
	return nil
}

// way gives the last directory on the way to a file that is there, and the names
// behind it that are not. No link is followed.
func (v *volume) way(name string) (dir string, missing []string, err error) {
	dir = "."
	parts := strings.Split(name, "/")
	for k, part := range parts {
		if len(part) > ondisk.MaxNameLen {
			return "", nil, badinput.New("file name").Got("%q, of %d bytes", part, len(part)).Want("at most %d", ondisk.MaxNameLen)
		}
		at := path.Join(dir, part)
		info, err := v.fs.Lstat(at)
		switch last := k == len(parts)-1; {
		case errors.Is(err, fs.ErrNotExist):
			return dir, parts[k:], nil
		case err != nil:
			return "", nil, err
		case last && !info.Mode().IsRegular():
			return "", nil, badinput.New("ext4").Got("%s, which is no file", at).Want("a file to replace, or a name that is free")
		case !last && !info.IsDir():
			return "", nil, badinput.New("ext4").Got("%s, which is no directory", at).Want("one to put %s into", path.Base(name))
		case !last:
			dir = at
		}
	}
	return dir, nil, nil
}

func (v *volume) inodeOf(name string) (uint32, error) {
	info, err := v.fs.Lstat(name)
	if err != nil {
		return 0, err
	}
	return info.Sys().(*ext4.Inode).Ino, nil
}

// add makes directories of all names but the last, which is the file's.
func (v *volume) add(dir string, missing []string, content []byte, when time.Time) error {
	number, err := v.inodeOf(dir)
	if err != nil {
		return err
	}
	above, err := v.inodeOf(path.Dir(dir))
	if err != nil {
		return err
	}
	parent, err := v.edit(number)
	if err != nil {
		return err
	}
	entries, err := v.names(dir)
	if err != nil {
		return err
	}
	for k, name := range missing {
		mode, file := uint16(ondisk.ModeDir|0o755), k == len(missing)-1
		if file {
			mode = ondisk.ModeRegular | 0o644
		}
		i, err := v.create(parent.ino, mode, when)
		if err != nil {
			return err
		}
		if !file && parent.Links > 1 { // 1 is "too many to count"
			parent.Links++
		}
		if err := v.fill(parent, above, append(entries, ondisk.DirEntry{Inode: i.ino, Name: name, Type: ondisk.TypeOfMode(mode)})); err != nil {
			return err
		}
		v.save(parent, when)
		if file {
			err = v.replace(i, content)
			v.save(i, when)
			return err
		}
		i.Links = 2
		parent, above, entries = i, parent.ino, nil
	}
	return nil
}
