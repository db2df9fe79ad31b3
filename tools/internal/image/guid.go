package image

import (
	"strings"

	"github.com/google/uuid"
)

// ids derives every identifier of an image from its seed.
type ids struct{ space uuid.UUID }

func newIDs(seed string) ids {
	return ids{uuid.NewSHA1(uuid.Nil, []byte("shimboot "+seed))}
}

func (i ids) of(kind, name string) uuid.UUID {
	return uuid.NewSHA1(i.space, []byte(kind+" "+name))
}

// guid is the upper-case text form that GPT tools print.
func (i ids) guid(kind, name string) string {
	return strings.ToUpper(i.of(kind, name).String())
}
