package shim

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"shimboot/tools/internal/tree"
)

// Scripts is what the scripts of a factory shim's initramfs tell about how it
// will treat ROOT-A. The shim's sources are chromiumos/platform/initramfs,
// factory_shim/.
type Scripts struct {
	// Bootstrap is the script that mounts ROOT-A, "" where none was found.
	Bootstrap string
	// UsesVerity: it sets up dm-verity over ROOT-A unless cros_debug is given.
	UsesVerity bool
	// VerityEvidence is the line that says so, in VerityScript.
	VerityEvidence string
	VerityScript   string
	// RootTmpfsBytes is the size of the tmpfs that ROOT-A is copied to, 0
	// where the script names none.
	RootTmpfsBytes int64
}

// maxScript bounds what is read of a file to look for shell text.
const maxScript = 1 << 20

// ReadScripts reads the scripts of an initramfs.
func ReadScripts(entries []*tree.Entry) (*Scripts, error) {
	s := &Scripts{}
	for _, e := range entries {
		if !e.Mode.IsRegular() || e.IsHardlink() || e.Size == 0 || e.Size > maxScript {
			continue
		}
		text, err := scriptText(e)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Path, err)
		}
		s.inspect(e.Path, strings.ReplaceAll(text, "\\\n", " "))
	}
	return s, nil
}

// inspect takes in one script, its continued lines joined. Scripts source each
// other, so that the step that sets up verity may be in any of them.
func (s *Scripts) inspect(path, text string) {
	if line := verityLine(text); line != "" && !s.UsesVerity {
		s.UsesVerity, s.VerityEvidence, s.VerityScript = true, line, path
	}
	if strings.Contains(text, "switch_root") && strings.Contains(text, "tmpfs") {
		s.Bootstrap, s.RootTmpfsBytes = path, tmpfsSize(text)
	}
}

// scriptText gives the content of a shell script, "" for anything else. What
// is only sourced needs no "#!", and is known by its name.
func scriptText(e *tree.Entry) (string, error) {
	r, err := e.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || !strings.HasPrefix(string(b), "#!") && !strings.HasSuffix(e.Path, ".sh") {
		return "", err
	}
	return string(b), nil
}

// verityLine is the line that creates the verity device.
func verityLine(script string) string {
	create := regexp.MustCompile(`^[^#]*\bdmsetup\b[^#;|&]*\bcreate\b`)
	for _, line := range strings.Split(script, "\n") {
		if create.MatchString(line) {
			return strings.Join(strings.Fields(line), " ")
		}
	}
	return ""
}

// tmpfsSize finds "size=640M" in a mount of a tmpfs, the number in place or in
// a variable set elsewhere in the script.
func tmpfsSize(script string) int64 {
	mount := regexp.MustCompile(`(?m)^[^#\n]*tmpfs[^\n]*size="?\$?\{?(\w+)`)
	m := mount.FindStringSubmatch(script)
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
