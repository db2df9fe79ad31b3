package flash_test

import (
	"crypto/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/flash"
	"shimboot/tools/internal/gpt"
	"shimboot/tools/internal/testenv"
)

// writeOwn writes an image with GUIDs of its own.
func writeOwn(t *testing.T, img string) (*memory, *flash.Result) {
	t.Helper()
	src, err := flash.Open(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if err := src.OwnGUIDs(rand.Reader); err != nil {
		t.Fatal(err)
	}
	disk := used()
	result, err := flash.Write(t.Context(), src, disk, flash.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	if got := tableOf(t, disk.d); got.GUID != src.Table.GUID || got.Partitions[0].GUID != src.Table.Partitions[0].GUID {
		t.Errorf("the disk has %s, its source %s", got.GUID, src.Table.GUID)
	}
	return disk, result
}

// Of a stick with GUIDs of its own, all but the tables is the image's.
func TestOwnGUIDs(t *testing.T) {
	img, tree := diskImage(t)
	plain := used()
	if _, err := write(t, img, plain); err != nil {
		t.Fatal(err)
	}
	own, result := writeOwn(t, img)
	if result.Named != nil {
		t.Errorf("%v is named in an image that names none", result.Named)
	}
	if !slices.Equal(own.d[gpt.HeadSize:diskSize-gpt.TailSize], plain.d[gpt.HeadSize:diskSize-gpt.TailSize]) {
		t.Error("more differs than the tables")
	}
	checkDisk(t, own.d, tree)
}

// Wherever an image names a GUID of its own, in whatever case, it is found.
func TestNamedGUIDs(t *testing.T) {
	img, _ := diskImage(t)
	table := tableOf(t, testenv.Read(t, img))
	kernel, root := table.Partitions[1].GUID, table.Partitions[3].GUID
	want := map[string]int64{
		table.GUID: rootStart + 4<<20 - 20, // across the pieces that are read
		kernel:     2<<20 + 5,
		root:       rootStart + rootSize - 36,
	}
	f, err := os.OpenFile(img, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for guid, at := range want {
		text := "--" + strings.ToLower(guid)
		if guid == kernel {
			text = "--" + guid
		}
		if _, err := f.WriteAt([]byte(text), at-2); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.WriteAt([]byte("PARTUUID="+root[:35]+"- 11111111-2222-4333-8444-555555555555"), 3<<20); err != nil {
		t.Fatal(err)
	}
	_, result := writeOwn(t, img)
	for _, n := range result.Named {
		if want[n.GUID] != n.At {
			t.Errorf("%s at %d, want %d", n.GUID, n.At, want[n.GUID])
		}
	}
	if len(result.Named) != len(want) {
		t.Errorf("%v, want %v", result.Named, want)
	}
	if result, err := write(t, img, used()); err != nil || result.Named != nil {
		t.Errorf("with the image's GUIDs: %v, %v", result.Named, err)
	}
}
