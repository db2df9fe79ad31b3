package report

import (
	"fmt"
	"strings"
)

// Kind is what kind of reason there is for a firmware file.
type Kind int

// The kinds of reasons.
const (
	Requested  Kind = iota // a module names it in firmware=; Of is the module
	AtRuntime              // a module makes the name while it runs; Of is the module
	ByHand                 // a glob of the user's matches it; Of is the glob
	Companion              // it belongs to a file that is kept; Of is that file
	Fallback               // it is taken in place of a newer one; Of is that one
	Everything             // all is kept; Of is empty
)

// Reason is why a firmware file is kept, or who asks for one that is missing.
type Reason struct {
	Kind Kind
	Of   string
}

// prefixes are how drivers.json has the kinds, before what they are of. A
// module's name has no blank, so that nothing else starts like one of these.
func prefixes() map[Kind]string {
	return map[Kind]string{
		Requested: "", AtRuntime: "run time: ", ByHand: "keep: ", Companion: "companion of ", Fallback: "in place of ",
		Everything: "all",
	}
}

// String is the reason as drivers.json has it.
func (r Reason) String() string { return prefixes()[r.Kind] + r.Of }

// MarshalText gives String.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what String gives: for who reads drivers.json.
func (r *Reason) UnmarshalText(text []byte) error {
	*r = Reason{Requested, string(text)}
	if string(text) == prefixes()[Everything] {
		*r = Reason{Kind: Everything}
		return nil
	}
	for kind, prefix := range prefixes() {
		if of, ok := strings.CutPrefix(string(text), prefix); ok && kind != Requested && kind != Everything {
			*r = Reason{kind, of}
		}
	}
	if r.Of == "" {
		return fmt.Errorf("%q is no reason", text)
	}
	return nil
}

// Driver is the module that a reason is about, "" where it is about none.
// Only iwlwifi takes older files in place of newer ones.
func (r Reason) Driver() string {
	switch r.Kind {
	case Requested, AtRuntime:
		return r.Of
	case Fallback:
		return "iwlwifi"
	}
	return ""
}
