package ext4

import (
	"errors"
	"fmt"
)

// ErrFormat is what every error about the bytes of a file system matches with
// errors.Is: the input is bad, not the machine.
var ErrFormat = errors.New("bad ext4 file system")

// FormatError says what is wrong with a file system and where.
type FormatError struct {
	Offset int64  // byte offset from the start of the file system
	What   string // the thing looked at, such as "superblock magic"
	Found  string
	Want   string
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("ext4: %s at byte %d: found %s, want %s", e.What, e.Offset, e.Found, e.Want)
}

// Unwrap makes errors.Is(err, ErrFormat) true.
func (e *FormatError) Unwrap() error { return ErrFormat }

// BadInput marks the error as the input's fault, see package badinput.
func (e *FormatError) BadInput() bool { return true }

// badf makes a FormatError; found is any value, printed with %v.
func badf(offset int64, what string, found any, want string, args ...any) error {
	return &FormatError{Offset: offset, What: what, Found: fmt.Sprint(found), Want: fmt.Sprintf(want, args...)}
}

// SpaceError says that a tree does not fit into the size that was asked for.
type SpaceError struct {
	Need int64 // bytes of the smallest file system that holds the tree
	Have int64 // bytes asked for
}

func (e *SpaceError) Error() string {
	return fmt.Sprintf("ext4: the tree does not fit: it needs a file system of %d bytes, and there are %d", e.Need, e.Have)
}

// TreeError says that an entry of a tree cannot be written.
type TreeError struct {
	Path string
	Err  error
}

func (e *TreeError) Error() string { return fmt.Sprintf("ext4: %s: %v", e.Path, e.Err) }

func (e *TreeError) Unwrap() error { return e.Err }

func treeErrorf(path, format string, args ...any) error {
	return &TreeError{Path: path, Err: fmt.Errorf(format, args...)}
}

// Errors of a path that is no fault of the file system's.
var (
	errNotDir   = errors.New("not a directory")
	errIsDir    = errors.New("is a directory")
	errLoop     = errors.New("too many levels of symbolic links")
	errNotLink  = errors.New("not a symbolic link")
	errTooLarge = fmt.Errorf("larger than %d bytes: too large to read at once, open it", maxReadFile)
)
