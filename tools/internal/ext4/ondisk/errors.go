package ondisk

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

// Badf makes a *FormatError; found is any value, printed with %v.
func Badf(at int64, what string, found any, want string, args ...any) error {
	return &FormatError{Offset: at, What: what, Found: fmt.Sprint(found), Want: fmt.Sprintf(want, args...)}
}
