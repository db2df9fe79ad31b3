package ikconfig_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/ikconfig"
	"shimboot/tools/internal/testenv"
)

const text = "# Linux/x86 6.1.0 Kernel Configuration\nCONFIG_64BIT=y\n# CONFIG_MODULES is not set\n"

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

// kernel has something around what is given.
func kernel(parts ...string) []byte {
	noise := strings.Repeat("\x90\x0f\x1f IKCFG_ST is only a name here ", 100)
	return []byte("\x7fELF" + noise + strings.Join(parts, noise) + noise)
}

func TestFind(t *testing.T) {
	good := "IKCFG_ST" + zipped(text) + "IKCFG_ED"
	decoy := "IKCFG_ST" + zipped("nothing of a kernel") + "IKCFG_ED"
	for name, test := range map[string]struct {
		kernel []byte
		found  bool
		fault  string
	}{
		"one":              {kernel(good), true, ""},
		"behind a decoy":   {kernel(decoy, good), true, ""},
		"two":              {kernel(good, "IKCFG_ST"+zipped("CONFIG_OTHER=y\n")+"IKCFG_ED"), true, ""},
		"none":             {kernel(), false, ""},
		"empty":            {nil, false, ""},
		"no end":           {kernel("IKCFG_ST" + zipped(text)), false, "found no IKCFG_ED"},
		"cut off":          {kernel("IKCFG_ST" + zipped(text)[:40] + "IKCFG_ED"), false, "embedded kernel configuration at offset"},
		"not a config":     {kernel(decoy), false, "without an option"},
		"bomb":             {kernel("IKCFG_ST" + zipped(strings.Repeat("CONFIG_A=y\n", 1<<20)) + "IKCFG_ED"), false, "more than 8388608 bytes"},
		"too many to try":  {kernel(strings.Repeat(decoy, 16), good), false, "without an option"},
		"nested in a good": {kernel("IKCFG_ST\x1f\x8b\x08", good), true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := ikconfig.Find(test.kernel)
			if (c != nil) != test.found || (err != nil) != (test.fault != "") {
				t.Fatalf("%+v, %v", c, err)
			}
			if err != nil && (!badinput.Is(err) || !strings.Contains(err.Error(), test.fault)) {
				t.Errorf("%v, want %q", err, test.fault)
			}
			if c != nil && (string(c.Text) != text || string(test.kernel[c.Offset:][:c.Size]) != zipped(text)) {
				t.Errorf("%+v", c)
			}
		})
	}
}

// What scripts/extract-ikconfig in Linux does, which knows no end mark.
func TestAgreesWithAScript(t *testing.T) {
	file := testenv.Write(t, "vmlinux", kernel("IKCFG_ST"+zipped(text)+"IKCFG_ED"))
	want := testenv.Run(t, "sh", "-c", `at=$(LC_ALL=C grep -abo -P 'IKCFG_ST\x1f\x8b\x08' "$1" | cut -d : -f 1)
		tail -c +$((at + 9)) "$1" | zcat 2>/dev/null || true`, "sh", file)
	c, err := ikconfig.Find(testenv.Read(t, file))
	if err != nil || want == "" || string(c.Text) != want {
		t.Errorf("%v, the script says %q", err, want)
	}
}
