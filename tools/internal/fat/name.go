package fat

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"shimboot/tools/internal/badinput"
)

// CheckName refuses a name that no FAT can hold, and what mtools would change,
// take for a pattern or a drive, or ask about.
func CheckName(name string) error {
	bad := func(r rune) bool {
		return unicode.IsControl(r) || r > 0xffff || strings.ContainsRune(`"*/:<>?\|`, r)
	}
	if !utf8.ValidString(name) || strings.ContainsFunc(name, bad) || len(utf16.Encode([]rune(name))) > 255 ||
		strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || isDOSDevice(name) {
		return badinput.New("file name").Got("%q", name).Want("one that a FAT can hold")
	}
	return nil
}

func isDOSDevice(name string) bool {
	name = strings.ToUpper(name)
	switch name {
	case "CON", "AUX", "PRN", "NUL", "CLOCK$":
		return true
	}
	return len(name) == 4 && (strings.HasPrefix(name, "COM") || strings.HasPrefix(name, "LPT")) && name[3] >= '0' && name[3] <= '9'
}

// labelSigns are the characters of a label besides capitals and digits: those
// of a short name, and the blank.
const labelSigns = " !#$%&'()-@^_`{}~"

// CheckLabel keeps to what every reader shows as it stands. No label is
// mkfs.fat's "NO NAME".
func CheckLabel(label string) error {
	other := func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(labelSigns, r)
	}
	if len(label) > 11 || strings.ContainsFunc(label, other) || strings.TrimSpace(label) != label {
		return badinput.New("vfat label").Got("%q", label).Want("at most 11 of A to Z, 0 to 9 and %s", strings.TrimSpace(labelSigns))
	}
	return nil
}
