package harvest

import (
	"context"
	"io/fs"
)

// until is a file system that gives nothing more once ctx has ended: whatever
// walk is under way, an interrupt ends it.
type until struct {
	ctx context.Context
	fs.ReadLinkFS
}

func (u *until) Open(name string) (fs.File, error) {
	if err := u.ctx.Err(); err != nil {
		return nil, err
	}
	return u.ReadLinkFS.Open(name)
}

func (u *until) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := u.ctx.Err(); err != nil {
		return nil, err
	}
	return fs.ReadDir(u.ReadLinkFS, name)
}

func (u *until) Lstat(name string) (fs.FileInfo, error) {
	if err := u.ctx.Err(); err != nil {
		return nil, err
	}
	return u.ReadLinkFS.Lstat(name)
}

func (u *until) ReadLink(name string) (string, error) {
	if err := u.ctx.Err(); err != nil {
		return "", err
	}
	return u.ReadLinkFS.ReadLink(name)
}
