package harvest

import (
	"context"
	"runtime"

	"shimboot/tools/internal/parallel"
)

// workers is how many files are under way at once: enough to keep a disk and
// the hashing busy, few enough to bound the memory (xz and zstd take up to 64
// and 128 MiB for the largest windows).
func workers() int { return min(4, max(2, runtime.GOMAXPROCS(0))) }

// each calls do for 0 to n-1, several at a time.
func each(ctx context.Context, n int, do func(i int) error) error {
	err := parallel.Each(min(workers(), n), parallel.Count(n), func() func(int) error {
		return func(i int) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return do(i)
		}
	})
	return firstError(err, ctx.Err())
}
