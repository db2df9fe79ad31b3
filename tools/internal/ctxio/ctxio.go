// Package ctxio ends reads and writes with a context: what makes a long copy
// stop when it is interrupted.
//
//	_, err := io.Copy(ctxio.Writer(ctx, file), reader)
package ctxio

import (
	"context"
	"io"
)

// Writer fails as soon as ctx has ended, with its error.
func Writer(ctx context.Context, w io.Writer) io.Writer { return &writer{ctx, w} }

type writer struct {
	ctx context.Context
	w   io.Writer
}

func (w *writer) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.w.Write(p)
}
