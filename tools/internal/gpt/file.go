package gpt

import (
	"io"
	"io/fs"
	"time"
)

// file is a section as the open file that go-diskfs wants.
type file struct {
	*io.SectionReader
}

func (f *file) Stat() (fs.FileInfo, error) { return info{f.Size()}, nil }
func (f *file) Close() error               { return nil }

type info struct{ size int64 }

func (i info) Name() string       { return "image" }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o444 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }
