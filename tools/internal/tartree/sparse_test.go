package tartree_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"shimboot/tools/internal/testenv"
)

// Each form of sparse file that GNU tar writes has the content that GNU tar
// extracts, and its holes.
func TestReadsSparseFiles(t *testing.T) {
	// Forty parts, more than the header has room for in any form; one of all
	// holes; a long name, for headers of several blocks; a plain one behind.
	script := `long=$(printf 'n%.0s' $(seq 150)) && truncate -s 900K $long && for i in $(seq 0 40); do
		printf "data $i" | dd of=$long bs=20k seek=$i conv=notrunc status=none; done &&
		truncate -s 1M holes && echo x > last && truncate -s 3M start && printf begin | dd of=start conv=notrunc status=none`
	for name, options := range map[string][]string{
		"0.0": {"--format=posix", "--sparse-version=0.0"},
		"0.1": {"--format=posix", "--sparse-version=0.1"},
		"1.0": {"--format=posix", "--sparse-version=1.0"},
		"GNU": {"--format=gnu"},
	} {
		t.Run(name, func(t *testing.T) {
			d := gnuTar(t, script, append(options, "--sparse", "--sort=name")...)
			dir := t.TempDir()
			testenv.Run(t, "tar", "-C", dir, "-xf", testenv.Write(t, "a.tar", d))
			parts := map[string]int{}
			for _, e := range read(t, d) {
				if !e.Mode.IsRegular() {
					continue
				}
				r, err := e.Open()
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(iotest.OneByteReader(io.LimitReader(r, 50000)))
				if err != nil {
					t.Fatal(err)
				}
				rest, err := io.ReadAll(r)
				if want := testenv.Read(t, dir+"/"+e.Path); err != nil || !bytes.Equal(append(got, rest...), want) {
					t.Errorf("%s: other content than tar's, %d bytes of %d, %v", e.Path, len(got)+len(rest), len(want), err)
				}
				parts[e.Path[:1]] = len(e.Data)
			}
			if fmt.Sprint(parts) != "map[h:0 l:0 n:41 s:1]" {
				t.Errorf("parts with data: %v", parts)
			}
		})
	}
}
