package ctxio_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"shimboot/tools/internal/ctxio"
)

func TestWriterEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var b bytes.Buffer
	w := ctxio.Writer(ctx, &b)
	if n, err := w.Write([]byte("before")); n != 6 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	cancel()
	if n, err := w.Write([]byte("after")); n != 0 || !errors.Is(err, context.Canceled) || b.String() != "before" {
		t.Errorf("%d, %v, %q", n, err, b.String())
	}
}
