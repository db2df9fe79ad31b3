// Package badinput has the error for input that is not what it should be, as
// opposed to a failing disk or a missing program. The commands exit with 2
// for it.
//
//	return badinput.New("keyblock magic").At(0).Got("%q", magic).Want("%q", "CHROMEOS")
package badinput

import (
	"errors"
	"fmt"
	"strings"
)

// Error says what was looked at, where, what was found and what was wanted.
type Error struct {
	What   string // the thing that is wrong, such as "keyblock size"
	Offset int64  // byte offset in the input, -1 where there is none
	Found  string
	Wanted string
	Remedy string // what the user can do about it
}

// New starts an error about what.
func New(format string, args ...any) *Error {
	return &Error{What: fmt.Sprintf(format, args...), Offset: -1}
}

// At adds the byte offset.
func (e *Error) At(offset int64) *Error { e.Offset = offset; return e }

// Got adds what was found.
func (e *Error) Got(format string, args ...any) *Error {
	e.Found = fmt.Sprintf(format, args...)
	return e
}

// Want adds what should have been there.
func (e *Error) Want(format string, args ...any) *Error {
	e.Wanted = fmt.Sprintf(format, args...)
	return e
}

// Fix adds what the user can do.
func (e *Error) Fix(format string, args ...any) *Error {
	e.Remedy = fmt.Sprintf(format, args...)
	return e
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.What)
	if e.Offset >= 0 {
		fmt.Fprintf(&b, " at offset %d", e.Offset)
	}
	switch {
	case e.Found != "" && e.Wanted != "":
		fmt.Fprintf(&b, ": found %s, want %s", e.Found, e.Wanted)
	case e.Found != "":
		fmt.Fprintf(&b, ": found %s", e.Found)
	case e.Wanted != "":
		fmt.Fprintf(&b, ": want %s", e.Wanted)
	}
	if e.Remedy != "" {
		b.WriteString("; " + e.Remedy)
	}
	return b.String()
}

// BadInput marks the error for Is.
func (e *Error) BadInput() bool { return true }

// Is tells whether err, or an error it wraps, blames the input. Any error
// with a method BadInput() bool counts.
func Is(err error) bool {
	var b interface{ BadInput() bool }
	return errors.As(err, &b) && b.BadInput()
}
