package diskimage

import (
	"context"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/sparse"
)

// The limit holds for what arrives, whatever was declared.
func TestSparseWriterStopsAtTheLimit(t *testing.T) {
	w := &sparseWriter{ctx: context.Background(), out: sparse.NewWriter(nil), limit: 100}
	if _, err := w.Write(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte{0}); !badinput.Is(err) {
		t.Errorf("one byte more: %v", err)
	}
}
