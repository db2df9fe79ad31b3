package mkext4

import "fmt"

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
