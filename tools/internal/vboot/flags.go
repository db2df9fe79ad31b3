package vboot

import (
	"fmt"
	"strings"
)

// Flags say in which boot modes a keyblock is good: of each pair of bits, the
// one for how the switch stands has to be set.
type Flags uint32

// The bits of Flags, from 2struct.h (VB2_KEYBLOCK_FLAG_*). Keyblocks from
// before MiniOS have neither of its bits, and the firmware of their boards
// does not look for them.
const (
	FlagDeveloper0 Flags = 1 << iota // developer switch off
	FlagDeveloper1                   // developer switch on
	FlagRecovery0                    // not in recovery mode
	FlagRecovery1                    // in recovery mode
	FlagMiniOS0                      // not as a MiniOS kernel
	FlagMiniOS1                      // as a MiniOS kernel
)

func (f Flags) String() string {
	names := []string{"!DEV", "DEV", "!REC", "REC", "!MINIOS", "MINIOS"}
	var set []string
	for i, n := range names {
		if f&(1<<i) != 0 {
			set = append(set, n)
		}
	}
	return fmt.Sprintf("0x%02x (%s)", uint32(f), strings.Join(set, "|"))
}

// Shim tells whether firmware boots the kernel in recovery mode with the
// developer switch on, which is how RMA shims are started.
func (f Flags) Shim() bool { return f&FlagDeveloper1 != 0 && f&FlagRecovery1 != 0 && !f.miniOS() }

// miniOS tells whether the kernel is one of MiniOS and nothing else.
func (f Flags) miniOS() bool { return f&FlagMiniOS1 != 0 && f&FlagMiniOS0 == 0 }

// Meaning is what firmware boots the kernel in, such as "recovery mode with
// the developer switch on".
func (f Flags) Meaning() string {
	const developer, recovery = FlagDeveloper0 | FlagDeveloper1, FlagRecovery0 | FlagRecovery1
	if f&developer == 0 || f&recovery == 0 {
		return "no boot mode"
	}
	mode := map[Flags]string{
		FlagRecovery0: "normal mode", FlagRecovery1: "recovery mode", recovery: "normal and recovery mode",
	}[f&recovery]
	if f.miniOS() {
		mode = "MiniOS in " + mode
	}
	return mode + map[Flags]string{
		FlagDeveloper0: " with the developer switch off", FlagDeveloper1: " with the developer switch on",
	}[f&developer]
}
