package initramfs

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"shimboot/tools/internal/tree"
)

// Shim is what the scripts of a factory shim's initramfs tell about how it
// will treat ROOT-A. The shim's sources are chromiumos/platform/initramfs,
// factory_shim/.
type Shim struct {
	// Bootstrap is the script that mounts ROOT-A, "" where none was found.
	Bootstrap string
	// UsesVerity: it sets up dm-verity over ROOT-A unless cros_debug is given.
	UsesVerity bool
	// VerityEvidence is the script's line that says so.
	VerityEvidence string
	// RootTmpfsBytes is the size of the tmpfs that ROOT-A is copied to, 0
	// where the script names none.
	RootTmpfsBytes int64
}

// maxScript bounds what is read of a file to look for shell text.
const maxScript = 1 << 20

// InspectShim reads the scripts of an initramfs.
func InspectShim(entries []*tree.Entry) (*Shim, error) {
	s := &Shim{}
	for _, e := range entries {
		if !e.Mode.IsRegular() || e.IsHardlink() || e.Size == 0 || e.Size > maxScript {
			continue
		}
		text, err := scriptText(e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Path, err)
		}
		if !strings.Contains(text, "switch_root") || !strings.Contains(text, "tmpfs") {
			continue
		}
		s.Bootstrap = e.Path
		s.RootTmpfsBytes = tmpfsSize(text)
		s.VerityEvidence = verityLine(text)
		s.UsesVerity = s.VerityEvidence != ""
	}
	return s, nil
}

// scriptText gives the content of a shell script, "" for anything else.
func scriptText(e *tree.Entry) (string, error) {
	r, err := e.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || !strings.HasPrefix(string(b), "#!") {
		return "", err
	}
	return string(b), nil
}

// verityLine is the line that creates the verity device.
func verityLine(script string) string {
	for _, line := range strings.Split(script, "\n") {
		line = strings.TrimSpace(line)
		if strings.Contains(line, "dmsetup create") && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}

// tmpfsSize finds "size=640M" in a mount of a tmpfs, the number in place or in
// a variable set elsewhere in the script.
func tmpfsSize(script string) int64 {
	mount := regexp.MustCompile(`(?m)^[^#\n]*tmpfs[^\n]*size="?\$?\{?(\w+)`)
	m := mount.FindStringSubmatch(strings.ReplaceAll(script, "\\\n", " "))
	if m == nil {
		return 0
	}
	value := m[1]
	if assigned := regexp.MustCompile(`(?m)\b` + value + `="?(\w+)`).FindStringSubmatch(script); assigned != nil {
		value = assigned[1]
	}
	return parseSize(value)
}

func parseSize(s string) int64 {
	units := map[byte]int64{'k': 1 << 10, 'K': 1 << 10, 'm': 1 << 20, 'M': 1 << 20, 'g': 1 << 30, 'G': 1 << 30}
	unit := int64(1)
	if s != "" && units[s[len(s)-1]] != 0 {
		unit, s = units[s[len(s)-1]], s[:len(s)-1]
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return n * unit
}
