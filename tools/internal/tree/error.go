package tree

import "fmt"

// Error says what no tree can hold; it is the fault of a source.
type Error struct{ Reason string }

func (e *Error) Error() string { return e.Reason }

// BadInput marks the error as the input's fault, see package badinput.
func (e *Error) BadInput() bool { return true }

func errorf(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }
