package harvest

import (
	"path"
	"strings"

	"shimboot/tools/internal/compress"
)

// inside gives the path in the tree that a link at a real path leads to, ""
// where it leads out of lib/firmware, or where that cannot be told from the
// text: ".." after a name that may be a link itself.
func (s *scanner) inside(real, target string) string {
	if !strings.HasPrefix(real, s.root+"/") || climbsLate(target) {
		return ""
	}
	full := path.Join("/", path.Dir(real), target)
	if strings.HasPrefix(target, "/") {
		full = path.Clean(target)
	}
	for _, root := range []string{s.root, firmwareDir} {
		if rest, ok := strings.CutPrefix(full, "/"+root+"/"); ok {
			return rest
		}
	}
	return ""
}

func climbsLate(target string) bool {
	down := false
	for part := range strings.SplitSeq(target, "/") {
		if part == ".." && down {
			return true
		}
		down = down || part != ".." && part != "." && part != ""
	}
	return false
}

// unpackedName strips the suffix of a compression that is undone.
func unpackedName(name string, f compress.Format) string {
	switch f {
	case compress.XZ:
		return strings.TrimSuffix(name, ".xz")
	case compress.Zstd:
		return strings.TrimSuffix(name, ".zst")
	}
	return name
}

// packed tells the compression of a firmware file: the two that the kernel
// knows, by suffix and by content.
func (im *image) packed(source string) (compress.Format, error) {
	want := compress.None
	switch path.Ext(source) {
	case ".xz":
		want = compress.XZ
	case ".zst":
		want = compress.Zstd
	default:
		return compress.None, nil
	}
	head, err := im.head(source)
	if err != nil || compress.Detect(head) != want {
		return compress.None, err
	}
	return want, nil
}
