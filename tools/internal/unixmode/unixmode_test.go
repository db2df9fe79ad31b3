package unixmode_test

import (
	"io/fs"
	"testing"

	"shimboot/tools/internal/unixmode"
)

func TestThereAndBack(t *testing.T) {
	for word, want := range map[uint32]fs.FileMode{
		0o100644: 0o644,
		0o104755: fs.ModeSetuid | 0o755,
		0o102750: fs.ModeSetgid | 0o750,
		0o041777: fs.ModeDir | fs.ModeSticky | 0o777,
		0o120777: fs.ModeSymlink | 0o777,
		0o020600: fs.ModeDevice | fs.ModeCharDevice | 0o600,
		0o060660: fs.ModeDevice | 0o660,
		0o010600: fs.ModeNamedPipe | 0o600,
		0o140700: fs.ModeSocket | 0o700,
	} {
		mode, ok := unixmode.ToFS(word)
		back, okBack := unixmode.FromFS(mode)
		if !ok || mode != want || !okBack || back != word {
			t.Errorf("%o: %v, want %v, and back %o", word, mode, want, back)
		}
	}
}

func TestNoUnixType(t *testing.T) {
	if mode, ok := unixmode.ToFS(0o170644); ok {
		t.Errorf("type 017 became %v", mode)
	}
	if word, ok := unixmode.FromFS(fs.ModeIrregular | 0o644); ok {
		t.Errorf("an irregular file became %o", word)
	}
}
