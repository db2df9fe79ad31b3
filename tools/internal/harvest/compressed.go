package harvest

import (
	"path"
	"strings"

	"shimboot/tools/internal/compress"
)

// uncompressedName strips the suffix of a compression that is undone.
func uncompressedName(name string, f compress.Format) string {
	switch f {
	case compress.XZ:
		return strings.TrimSuffix(name, ".xz")
	case compress.Zstd:
		return strings.TrimSuffix(name, ".zst")
	}
	return name
}

// compression tells the compression of a firmware file: the two that the kernel
// knows, by suffix and by content.
func (r *root) compression(source string) (compress.Format, error) {
	want := compress.None
	switch path.Ext(source) {
	case ".xz":
		want = compress.XZ
	case ".zst":
		want = compress.Zstd
	default:
		return compress.None, nil
	}
	head, err := r.head(source)
	if err != nil || compress.Detect(head) != want {
		return compress.None, err
	}
	return want, nil
}
