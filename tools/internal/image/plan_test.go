package image

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
)

// planOf plans the partitions of a spec's text, beside which there is a file.
func planOf(t *testing.T, partitions string) (*Plan, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := `{"schemaVersion": 1, "seed": "golden", "partitions": [` + partitions + `]}`
	s, err := ReadSpec(strings.NewReader(text), dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(t.Context(), s, Options{Time: time.Unix(0, 0)})
	if err == nil {
		t.Cleanup(func() { p.Close() })
	}
	return p, err
}

// The GUIDs of a seed must never change: installed systems find their
// partitions by them.
func TestGUIDsOfASeed(t *testing.T) {
	p, err := planOf(t, `{"name": "STATE", "type": "linux-data", "size": "1MiB", "content": {}}`)
	if err != nil {
		t.Fatal(err)
	}
	// By Python's uuid.uuid5, which knows nothing of this code.
	if p.GUID != "029CEF2E-F2BF-5A1D-B228-A05A3881E71B" || p.Partitions[0].GUID != "B193F65D-28B1-56E4-A4F7-B3354FB3B8AF" {
		t.Errorf("disk %s, partition %s", p.GUID, p.Partitions[0].GUID)
	}
	if got := newIDs("golden").of("filesystem", "STATE").String(); got != "8ee5c6da-c536-52a6-a398-b0c344c1e156" {
		t.Errorf("file system %s", got)
	}
}

func TestTypeMayBeAGUID(t *testing.T) {
	for name, want := range map[string]string{
		"linux-data":                           gpt.TypeLinuxData,
		"c12a7328-f81f-11d2-ba4b-00a0c93ec93b": gpt.TypeEFI,
	} {
		if got, err := partitionType(name); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
	for _, name := range []string{
		"", "linux", "00000000-0000-0000-0000-000000000000", "{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}",
		"c12a7328f81f11d2ba4b00a0c93ec93b", "c12a7328-f81f-11d2-ba4b-00a0c93ec93g",
	} {
		if got, err := partitionType(name); !badinput.Is(err) {
			t.Errorf("%q: %s, %v; want bad input", name, got, err)
		}
	}
	// A kernel is one by whichever name.
	_, err := planOf(t, `{"name": "K", "type": "fe3a2a5d-4f32-41a7-b725-accc3285a309", "size": "1MiB", "content": {}}`)
	if err == nil || !strings.Contains(err.Error(), "a kernel without a root after it") {
		t.Error(err)
	}
}

func TestPlansThatCannotBe(t *testing.T) {
	content := func(c string) string {
		return `{"name": "X", "type": "linux-data", "size": "content", "content": {` + c + `}}`
	}
	source := func(s string) string { return content(`"ext4": {"sources": [{` + s + `}]}`) }
	for name, test := range map[string]struct{ partitions, want string }{
		"none":                   {``, "found 0 partitions"},
		"two contents":           {content(`"raw": {"path": "file"}, "vfat": {}`), "found 2 kinds in one"},
		"empty source":           {source(``), "source: found none"},
		"two sources in one":     {source(`"directory": ".", "links": {"a": "b"}`), "source: found directory and links"},
		"at on cpio":             {source(`"cpio": "file", "at": "lib"`), `source: found at "lib" on cpio`},
		"at on links":            {source(`"links": {"a": "b"}, "at": "lib"`), `source: found at "lib" on links`},
		"at alone":               {source(`"at": "lib"`), "source: found none"},
		"archive that is none":   {source(`"cpio": "file"`), "file: "},
		"directory that is none": {source(`"directory": "file"`), "file: found no directory"},
		"directory mode":         {source(`"directories": {"a": "rwx"}`), `mode of directory a: found "rwx"`},
		"long ext label":         {content(`"ext4": {"label": "seventeen letters"}`), `ext4 label: found "seventeen letters", 17 bytes`},
		"long ext2 label":        {content(`"ext2": {"label": "ééééééééé"}`), "18 bytes, want at most 16"},
		"long vfat label":        {content(`"vfat": {"label": "TWELVE CHARS"}`), "vfat label"},
		"lower case vfat label":  {content(`"vfat": {"label": "state"}`), `vfat label: found "state"`},
		"sign in vfat label":     {content(`"vfat": {"label": "A.B"}`), `vfat label: found "A.B"`},
		"link on vfat":           {content(`"vfat": {"sources": [{"links": {"a": "b"}}]}`), "a: found a symlink"},
		"device on vfat":         {content(`"vfat": {"sources": [{"devices": {"a": "c 5 1 0600"}}]}`), "a: found a device"},
		"colon on vfat":          {content(`"vfat": {"sources": [{"directories": {"a:b": "0755"}}]}`), `file name: found "a:b"`},
		"pattern on vfat":        {content(`"vfat": {"sources": [{"directories": {"a*": "0755"}}]}`), `file name: found "a*"`},
		"DOS device on vfat":     {content(`"vfat": {"sources": [{"directories": {"com1": "0755"}}]}`), `file name: found "com1"`},
		"names alike on vfat":    {content(`"vfat": {"sources": [{"directories": {"A": "0755", "a": "0755"}}]}`), `"a": found "A" beside it`},
		"reserved on vfat":       {content(`"vfat": {"reserved": "5%"}`), "vfat: found reserved"},
		"reserved word":          {content(`"ext4": {"reserved": "much"}`), `reserved: found "much"`},
		"reserved percent":       {content(`"ext4": {"reserved": "51%"}`), `reserved: found "51%"`},
		"reserved bytes":         {content(`"ext4": {"reserved": "1TiB"}`), "blocks reserved, want at most 50%"},
		"limit":                  {`{"name": "X", "type": "linux-data", "size": "1MiB", "maxContent": "content", "content": {}}`, "maxContent"},
		"unnamed":                {`{"type": "linux-data", "size": "1MiB", "content": {}}`, "name of partition 1"},
		"priority":               {`{"name": "X", "type": "linux-data", "size": "1MiB", "priority": 16, "content": {}}`, "priority 16"},
		"attributes":             {`{"name": "X", "type": "linux-data", "size": "1MiB", "tries": 1, "content": {}}`, "kernel attributes on a linux-data"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := planOf(t, test.partitions)
			if !badinput.Is(err) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}
