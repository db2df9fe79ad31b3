package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/fat"
	"shimboot/tools/internal/gptdisk"
)

// State is the file system of an image's STATE partition, a FAT or, on boards
// whose kernel has none, an ext2 or ext4.
type State struct {
	partition *gptdisk.Partition
	section   *io.SectionReader
	fat       *fat.FS
	ext       *ext4.FS
}

// StateFile is a file or a directory on STATE.
type StateFile struct {
	Path    string    `json:"path"`
	Dir     bool      `json:"directory,omitempty"`
	Size    int64     `json:"size"`
	ModTime time.Time `json:"modified"`
}

// OpenState finds STATE in an image.
func OpenState(img io.ReaderAt, t *gptdisk.Table) (*State, error) {
	found := t.Label("STATE")
	if len(found) != 1 {
		return nil, badinput.New("STATE").Got("%d partitions of that name among %q", len(found), t.String()).Want("one")
	}
	s := &State{partition: found[0], section: io.NewSectionReader(img, found[0].Start, found[0].Size)}
	var err error
	if s.ext, err = ext4.Open(s.section, found[0].Size); err == nil {
		return s, nil
	}
	if s.fat, err = fat.Open(s.section, found[0].Size); err != nil {
		return nil, fmt.Errorf("STATE: %w", err)
	}
	return s, nil
}

// List gives all files and directories.
func (s *State) List() ([]StateFile, error) {
	var out []StateFile
	if s.fat != nil {
		list, err := s.fat.List()
		for _, f := range list {
			out = append(out, StateFile{f.Path, f.Dir, f.Size, f.ModTime})
		}
		return out, err
	}
	err := fs.WalkDir(s.ext, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		f := StateFile{Path: name, Dir: d.IsDir(), ModTime: info.ModTime().UTC()}
		if !f.Dir {
			f.Size = info.Size()
		}
		out = append(out, f)
		return nil
	})
	return out, err
}

// Get reads a file.
func (s *State) Get(name string) ([]byte, error) {
	name = path.Clean(strings.TrimPrefix(name, "/"))
	var b []byte
	var err error
	if s.fat != nil {
		b, err = s.fat.ReadFile(name)
	} else {
		b, err = s.ext.ReadFile(name)
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, badinput.New("STATE").Got("no file %q", name).Want("one of that name").Fix("see gpt-pack ls")
	}
	return b, err
}

// Put copies a file to name; a file of that name is replaced, and directories
// are made. Disk is the image, to be written to. The file system is changed
// beside it and copied back as a whole, so that whatever fails or interrupts
// before that changes nothing.
func (s *State) Put(ctx context.Context, disk io.WriterAt, scratch, file, name string) error {
	name = strings.TrimPrefix(name, "/")
	if !fs.ValidPath(name) || name == "." {
		return badinput.New("name").Got("%q", name).Want("a path inside the partition")
	}
	if s.ext != nil {
		return s.putExt(ctx, disk, file, name)
	}
	for part := range strings.SplitSeq(name, "/") {
		if err := checkFATName(part); err != nil {
			return err
		}
	}
	return s.putFAT(ctx, disk, scratch, file, name)
}
