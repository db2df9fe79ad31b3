package image

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/testenv"
)

// FuzzReadSpec: a spec that reads, written out again, reads the same.
func FuzzReadSpec(f *testing.F) {
	f.Add([]byte(`{"schemaVersion": 1, "seed": "s"}`))
	f.Add([]byte(`{"schemaVersion": 1, "seed": "s", "board": "b", "partitions": [
	  {"name": "STATE", "type": "linux-data", "size": "1MiB", "content": {"vfat": {"label": "STATE"}}},
	  {"name": "KERN-A", "type": "chromeos-kernel", "size": "32MiB", "priority": 10, "tries": 5, "successful": true, "content": {"raw": {"path": "k"}}},
	  {"name": "ROOT-A", "type": "chromeos-rootfs", "size": "content+20%", "maxContent": "640MiB", "content": {"ext2": {"label": "R", "reserved": "5%", "linkIdentical": true, "sources": [
	    {"cpio": "c"}, {"tar": "/t"}, {"directory": "d", "at": "x", "keepOwners": true, "holes": true}, {"links": {"a": "b"}}, {"directories": {"a": "755"}}, {"devices": {"dev/null": "c 1 3 666"}},
	    {"closure": {"storePaths": "p", "registration": "r", "system": "/nix/store/s"}}]}}}]}`))
	f.Fuzz(func(t *testing.T, d []byte) {
		var s *Spec
		var err error
		testenv.Bounded(t, 0, func() { s, err = ReadSpec(bytes.NewReader(d), "/dir") })
		if err != nil {
			if !badinput.Is(err) {
				t.Errorf("not blamed on the input: %v", err)
			}
			return
		}
		if err := checkSpec(s); err != nil && !badinput.Is(err) {
			t.Errorf("not blamed on the input: %v", err)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadSpec(bytes.NewReader(text), "/dir")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if text2, err := json.Marshal(again); err != nil || !reflect.DeepEqual(text, text2) {
			t.Errorf("was %s\nbecame %s, %v", text, text2, err)
		}
	})
}

func FuzzParseSize(f *testing.F) {
	for _, text := range []string{"32MiB", "content", "content+20%", "content+512MiB", "8TiB", "1", "-1", "content+", "5%", "51%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := parseReserve(text); err != nil && !badinput.Is(err) || r.Bytes < 0 || r.Percent < 0 || r.Percent > 50 {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
		s, err := parseSize(text)
		if err != nil {
			if !badinput.Is(err) {
				t.Errorf("%q is not blamed on the input: %v", text, err)
			}
			return
		}
		const content = 1 << 30
		if got := s.apply(content); got <= 0 || s.content && got < content {
			t.Errorf("%q of %d bytes: %d", text, content, got)
		}
	})
}
