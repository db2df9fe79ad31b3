package image

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shimboot/tools/internal/testenv"
)

// The file system ends before its partition does, which both its superblock
// and e2fsck say of the partition's content.
func TestRoomBehindAFileSystem(t *testing.T) {
	for size, want := range map[string]int64{"64MiB": 64 << 20, "content+20MiB": 53 << 20} {
		p, err := planOf(t, `{"name": "X", "type": "linux-data", "size": "`+size+`", "room": "32MiB", "content": {"ext4": {}}}`)
		if err != nil {
			t.Fatal(err)
		}
		part := p.Partitions[0]
		if part.Size < want {
			t.Errorf("%s: %d bytes, want at least %d", size, part.Size, want)
		}
		f, err := os.Create(filepath.Join(t.TempDir(), "image"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := p.Write(t.Context(), f, nil); err != nil {
			t.Fatal(err)
		}
		fsys := testenv.Write(t, "fs", testenv.Read(t, f.Name())[part.Start:][:part.Size-32<<20])
		testenv.Run(t, "e2fsck", "-fn", fsys)
	}
}

func TestRoomThatCannotBe(t *testing.T) {
	for room, want := range map[string]string{
		"content": `room: found "content"`,
		"1500KiB": "whole MiB",
		"16MiB":   "want at least", // of a partition of as much
	} {
		_, err := planOf(t, `{"name": "X", "type": "linux-data", "size": "16MiB", "room": "`+room+`", "content": {"ext4": {}}}`)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", room, err, want)
		}
	}
}
