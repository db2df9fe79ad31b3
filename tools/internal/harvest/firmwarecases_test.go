package harvest

import (
	"testing"
)

// fwCase is what TestFirmware tries.
type fwCase struct {
	shim, recovery files
	requests       []string
	want           []string // of lib/firmware; "path=content" or "path -> target"
	missing        []string // "name: reason"
}

func linkCases() map[string]fwCase {
	return map[string]fwCase{
		"chain of links": {
			shim:     files{"a": link("d/b"), "d/b": link("../c"), "c": file("C"), "x": link("c")},
			requests: []string{"a"}, want: []string{"a -> d/b", "c=C", "d/b -> ../c"},
		},
		"absolute link inside": {
			shim:     files{"a": link("/lib/firmware/d/b"), "d/b": file("B"), "d/c": link("/lib/firmware/x"), "x": file("X")},
			requests: []string{"a", "d/c"}, want: []string{"a -> d/b", "d/b=B", "d/c -> ../x", "x=X"},
		},
		"link to a directory": {
			shim:     files{"a": link("d"), "d/b": file("B"), "d/c": file("C")},
			requests: []string{"a/b"}, want: []string{"a -> d", "d/b=B"},
		},
		"link to a directory outside": {
			shim:     files{"a": link("/opt/d"), "/opt/d/b": link("e/x"), "/opt/d/e/x": file("X"), "/opt/d/c": file("C")},
			requests: []string{"a/b"}, want: []string{"a/b=X"},
		},
		"out and in again": {
			shim:     files{"a": link("/opt/b"), "/opt/b": link("/lib/firmware/c"), "c": file("C")},
			requests: []string{"a"}, want: []string{"a=C"},
		},
		"climbing late": {
			shim:     files{"a": link("l/../b"), "l": link("/opt/d"), "/opt/d/x": file(""), "/opt/b": file("real"), "b": file("textual")},
			requests: []string{"a"}, want: []string{"a=real"},
		},
		"dangling and loops": {
			shim: files{
				"a": link("nowhere"), "b": link("c"), "c": link("b"), "d": link("/lib/firmware"), "e": link("."),
				"f": link("/dev/null"), "g": link("../../../../../../etc/passwd"), "h": file("H"),
			},
			requests: []string{"a", "b", "d/d/d/h", "e/h", "f", "g", "h"}, want: []string{"h=H"},
			missing: []string{
				"a: a link that leads nowhere", "b: a link that leads nowhere", "d/d/d/h: in no image", "e/h: in no image",
				"f: a link that leads nowhere", "g: a link that leads nowhere",
			},
		},
	}
}

func nameCases(t *testing.T) map[string]fwCase {
	t.Helper()
	return map[string]fwCase{
		"names that leave": {
			shim:     files{"a": file("A"), "/etc/passwd": file("root")},
			requests: []string{"../../etc/passwd", "/etc/passwd", "..", ".", "", "./a", "x/../a", "dir/"},
			want:     []string{"a=A"},
			missing: []string{
				": not a path below lib/firmware", ".: not a path below lib/firmware", "..: not a path below lib/firmware",
				"../../etc/passwd: not a path below lib/firmware", "/etc/passwd: not a path below lib/firmware", "dir/: in no image",
			},
		},
		"wildcards": {
			shim:     files{"brcm/a-1.bin": file("1"), "brcm/a-2.bin": link("a-1.bin"), "brcm/x/a-3.bin": file("3"), "n[1]": file("N"), "b": file("B")},
			requests: []string{"brcm/a-*.bin", "n[1]", "*", "zzz*", "bad[", "brcm"},
			want:     []string{"b=B", "brcm/a-1.bin=1", "brcm/a-2.bin -> a-1.bin", "n[1]=N"},
			missing: []string{
				"bad[: in no image", "brcm: a directory", "zzz*: in no image",
			},
		},
		"compressed": {
			shim: files{
				"a.bin.xz": blob(xzed(t, []byte("A"))), "b.bin.zst": blob(zst(t, []byte("B"))), "c.bin.xz": link("a.bin.xz"),
				"d.bin": link("b.bin.zst"), "e.bin.xz": link("/opt/e.bin.xz"), "/opt/e.bin.xz": blob(xzed(t, []byte("E"))),
				"f.xz": file("only its name"), "g.bin": file("plain"), "g.bin.xz": blob(xzed(t, []byte("packed"))),
			},
			requests: []string{"a.bin", "b.bin", "c.bin", "d.bin", "e.bin", "f.xz", "g.bin"},
			want:     []string{"a.bin=A", "b.bin=B", "c.bin -> a.bin", "d.bin -> b.bin", "e.bin=E", "f.xz=only its name", "g.bin=plain"},
		},
	}
}

// unionCases have two images.
func unionCases() map[string]fwCase {
	return map[string]fwCase{
		"recovery wins": {
			shim: files{"a": file("old"), "d/x": file("old x"), "only": file("O")}, recovery: files{"a": file("new"), "d/y": file("new y")},
			requests: []string{"a", "d/x", "d/y", "only"}, want: []string{"a=new", "d/x=old x", "d/y=new y", "only=O"},
		},
		"links over the images": {
			shim:     files{"d/x": file("X"), "t": file("T"), "back": link("r"), "e": file("E")},
			recovery: files{"d": link("n"), "n/y": file("Y"), "l": link("t"), "r": file("R"), "e": link("/opt/gone")},
			requests: []string{"d/x", "d/y", "l", "back", "e"},
			want:     []string{"back -> r", "d -> n", "e=E", "l -> t", "n/x=X", "n/y=Y", "r=R", "t=T"},
		},
		"file over directory": {
			shim: files{"a/b": file("B")}, recovery: files{"a": file("A")},
			requests: []string{"a", "a/b"}, want: []string{"a=A"}, missing: []string{"a/b: in no image"},
		},
		"directory over file": {
			shim: files{"a": file("A")}, recovery: files{"a/b": file("B")},
			requests: []string{"a", "a/b"}, want: []string{"a/b=B"}, missing: []string{"a: a directory"},
		},
	}
}
