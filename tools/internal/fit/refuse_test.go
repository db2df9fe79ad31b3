package fit_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/fit"
	"shimboot/tools/internal/testenv"
)

// tree compiles what mkimage would not make.
func tree(t testing.TB, inside string) []byte {
	t.Helper()
	dts := testenv.Write(t, "tree.dts", []byte("/dts-v1/;\n/ { "+inside+" };\n"))
	testenv.Run(t, "dtc", "-q", "-I", "dts", "-O", "dtb", "-o", dts+".dtb", dts)
	return testenv.Read(t, dts+".dtb")
}

// Trees that are well-formed but no FITs, or whose properties lie.
func TestRefusedTrees(t *testing.T) {
	const good = `configurations { x { kernel = "a"; }; };`
	for name, test := range map[string]struct{ inside, want string }{
		"no images":           {good, "found no /images"},
		"no configurations":   {`images { a { data = "A"; }; };`, "found no /configurations"},
		"no data":             {`images { a { type = "kernel"; }; };` + good, "image a at offset"},
		"data without place":  {`images { a { data-size = <1>; }; };` + good, "found no data"},
		"position too far":    {`images { a { data-size = <1>; data-position = <0x7fffffff>; }; };` + good, "found 1 bytes at 2147483647"},
		"offset too far":      {`images { a { data-size = <1>; data-offset = <0xffffffff 0xffffffff>; }; };` + good, "image a at offset"},
		"size too large":      {`images { a { data-size = <0xffffffff 0xffffffff>; data-position = <1>; }; };` + good, "18446744073709551615 bytes at 1"},
		"number of 3 bytes":   {`images { a { data = "A"; load = [00 01 02]; }; };` + good, "property load of a at offset"},
		"two types":           {`images { a { data = "A"; type = "x", "y"; }; };` + good, "found 2 strings"},
		"type without end":    {`images { a { data = "A"; type = [41]; }; };` + good, "no NUL at its end"},
		"escape sequence":     {`images { a { data = "A"; type = [1b 5b 00]; }; };` + good, "want printable strings"},
		"long type":           {`images { a { data = "A"; type = "` + strings.Repeat("x", 17000) + `"; }; };` + good, "found 17001 bytes"},
		"board tree is none":  {`images { a { data = "no device tree at all, but some bytes more"; }; }; configurations { x { kernel = "a"; fdt = "a"; }; };`, "image a: device tree's magic"},
		"board tree is short": {`images { a { data = "x"; }; }; configurations { x { kernel = "a"; fdt = "a"; }; };`, "image a: device tree at offset"},
		"board tree is packed wrong": {`images { a { data = "x"; compression = "lz4"; }; }; configurations { x { kernel = "a"; fdt = "a"; }; };`,
			"image a: lz4 stream"},
		"unknown compression": {`images { a { data = "x"; compression = "arj"; }; }; configurations { x { kernel = "a"; fdt = "a"; }; };`, "found arj"},
		"33 levels":           {strings.Repeat("n { ", 33) + strings.Repeat("}; ", 33) + good, "more than 32 levels"},
		"1025 images":         {"images { " + numbered(1025) + " };" + good, "found 1025 nodes in /images"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(tree(t, test.inside))
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "n%d { data = \"A\"; };", i)
	}
	return b.String()
}

// Bytes of the tree itself that are wrong.
func TestRefusedBytes(t *testing.T) {
	good := tree(t, `images { a { data = "A"; }; }; configurations { x { kernel = "a"; }; };`)
	put := func(off int, v uint32) func([]byte) []byte {
		return func(d []byte) []byte { binary.BigEndian.PutUint32(d[off:], v); return d }
	}
	start := int(binary.BigEndian.Uint32(good[8:]))
	size := int(binary.BigEndian.Uint32(good[36:]))
	for name, test := range map[string]struct {
		change func([]byte) []byte
		want   string
	}{
		"magic":              {put(0, 1), "magic at offset 1000: found 00 00 00 01"},
		"version":            {put(20, 15), "version at offset 1020: found 15"},
		"new version":        {put(24, 18), "compatible with 18"},
		"size":               {put(4, 39), "size at offset 1004: found 39"},
		"larger than input":  {put(4, uint32(len(good)+1)), "size at offset 1004"},
		"cut off":            {func(d []byte) []byte { return d[:len(d)-1] }, "size at offset 1004"},
		"cut in the header":  {func(d []byte) []byte { return d[:39] }, "FIT at offset 1000: found 39 bytes"},
		"structure outside":  {put(8, 0xfffffffc), "structure block"},
		"structure odd":      {put(8, uint32(start+2)), "want a multiple of 4"},
		"structure too long": {put(36, 0xffffffff), "structure block"},
		"structure cut off":  {put(36, uint32(size-4)), "structure block at offset"},
		"structure in head":  {put(8, 0), "structure block at offset"},
		"strings outside":    {put(12, 0xffffffff), "strings block"},
		"strings too long":   {put(32, 0xffffffff), "strings block"},
		"strings cut off":    {put(32, 2), "strings block"},
		"unknown token":      {put(start, 5), "token at offset"},
		"no root":            {put(start, 9), "the end in a wrong place"},
		"ends a node":        {put(start, 2), "the end of a node in a wrong place"},
		"property first":     {put(start, 3), "a property in a wrong place"},
		"unfinished":         {put(start+size-8, 4), "the end in a wrong place"},
		"name not text":      {put(start+4, 0x1b414100), "want a printable name"},
		"name with high":     {put(start+4, 0xffff4100), "want a printable name"},
	} {
		t.Run(name, func(t *testing.T) {
			d := test.change(bytes.Clone(good))
			_, err := fit.Parse(bytes.NewReader(d), int64(len(d)), 1000)
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}

// Structure blocks that no program writes.
func TestRefusedStructure(t *testing.T) {
	const name = 0x6e000000 // "n"
	for what, test := range map[string]struct {
		words []uint32
		want  string
	}{
		"second root":               {[]uint32{1, 0, 2, 1, 0, 2, 9}, "a second root in a wrong place"},
		"property behind a subnode": {[]uint32{1, 0, 1, name, 2, 3, 0, 0, 2, 9}, "a property in a wrong place"},
		"property behind the root":  {[]uint32{1, 0, 2, 3, 0, 0, 9}, "a property in a wrong place"},
		"end inside":                {[]uint32{1, 0, 9}, "the end in a wrong place"},
		"nothing":                   {nil, "structure block at offset"},
		"name without end":          {[]uint32{1, 0x6e6e6e6e}, "found a name of"},
		"property too long":         {[]uint32{1, 0, 3, 0x7fffffff, 0}, "found 2147483647 bytes"},
		"property at the end":       {[]uint32{1, 0, 3}, "structure block at offset"},
		"property name outside":     {[]uint32{1, 0, 3, 0, 99, 2, 9}, "strings block at offset"},
		"unfinished property":       {[]uint32{1, 0, 3, 3, 0, name, 9}, "the end in a wrong place"},
		"66000 items":               {append([]uint32{1, 0}, slices.Repeat([]uint32{1, name, 2}, 33000)...), "more than 65536 nodes"},
		"nothing but NOPs":          {slices.Repeat([]uint32{4}, 99), "structure block at offset"},
	} {
		t.Run(what, func(t *testing.T) {
			d := binary.BigEndian.AppendUint32(nil, 0xd00dfeed)
			size := uint32(4 * len(test.words))
			// Header, "p" and a NUL as strings, structure.
			for _, v := range []uint32{44 + size, 44, 40, 40, 17, 16, 0, 2, size, 0x70000000} {
				d = binary.BigEndian.AppendUint32(d, v)
			}
			for _, v := range test.words {
				d = binary.BigEndian.AppendUint32(d, v)
			}
			_, err := parse(d)
			if err == nil || !strings.Contains(err.Error(), test.want) || !badinput.Is(err) {
				t.Errorf("%v, want bad input about %q", err, test.want)
			}
		})
	}
}

// Board trees that are bombs are given up early.
func TestBoardTreeBomb(t *testing.T) {
	bomb := testenv.Compressed(t, "lz4 -q -c", make([]byte, 5<<20))
	file := testenv.FIT(t, strings.ReplaceAll(boards, "kernel-2\"; fdt = \"fdt-2", "kernel-2\"; fdt = \"kernel-1"), map[string][]byte{
		"k1": bomb, "k2": []byte("x"), "a.dtb": testenv.BoardTree(t, "a"), "b.dtb.lz4": bomb,
	})
	_, err := parse(testenv.Read(t, file))
	if err == nil || !strings.Contains(err.Error(), "more than 4194304 bytes") || strings.Contains(err.Error(), "--max-size") {
		t.Error(err)
	}
}
