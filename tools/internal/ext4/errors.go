package ext4

import (
	"errors"
	"fmt"

	"shimboot/tools/internal/ext4/ondisk"
)

// ErrFormat is what every error about the bytes of a file system matches with
// errors.Is: the input is bad, not the machine.
var ErrFormat = ondisk.ErrFormat

// FormatError says what is wrong with a file system and where.
type FormatError = ondisk.FormatError

// badf makes a *FormatError; found is any value, printed with %v.
func badf(at int64, what string, found any, want string, args ...any) error {
	return ondisk.Badf(at, what, found, want, args...)
}

// Errors of a path that is no fault of the file system's.
var (
	errNotDir   = errors.New("not a directory")
	errIsDir    = errors.New("is a directory")
	errLoop     = errors.New("too many levels of symbolic links")
	errNotLink  = errors.New("not a symbolic link")
	errTooLarge = fmt.Errorf("larger than %d bytes: too large to read at once, open it", maxReadFile)
)
