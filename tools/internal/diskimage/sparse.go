package diskimage

import (
	"context"
	"os"

	"shimboot/tools/internal/sparse"
)

// ScratchDir is a directory for inflated images: $TMPDIR where it is set, else
// /var/tmp, as /tmp is often in memory, which a recovery image would fill.
func ScratchDir() string {
	if os.Getenv("TMPDIR") == "" {
		if info, err := os.Stat("/var/tmp"); err == nil && info.IsDir() {
			return "/var/tmp"
		}
	}
	return os.TempDir()
}

// sparseWriter leaves holes where a buffer is all zero. It takes no more than
// limit bytes, whatever the zip says of its size.
type sparseWriter struct {
	ctx         context.Context
	out         *sparse.Writer
	done, total int64
	limit       int64
	progress    func(done, total int64)
}

func (w *sparseWriter) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	if after := w.done + int64(len(p)); after > w.limit {
		return 0, tooLarge(uint64(after), w.limit)
	}
	n, err := w.out.Write(p)
	w.done += int64(n)
	if err != nil {
		return n, err
	}
	if w.progress != nil {
		w.progress(w.done, w.total)
	}
	return len(p), nil
}
