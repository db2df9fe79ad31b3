package main

import (
	"encoding/json"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/inspect"
	"shimboot/tools/internal/testenv"
)

// verified runs verify and gives its exit code and its lines, blanks as one.
func verified(t *testing.T, args ...string) (int, string) {
	t.Helper()
	code, stdout, _ := run(t, append([]string{"verify"}, args...)...)
	lines := strings.Split(stdout, "\n")
	for i := range lines {
		lines[i] = strings.Join(strings.Fields(lines[i]), " ")
	}
	return code, strings.Join(lines, "\n")
}

func TestVerifySaysWhatItChecked(t *testing.T) {
	_, img := built(t)
	_, other := built(t)
	for _, args := range [][]string{{img}, {"--shim", other, img}} {
		code, got := verified(t, args...)
		for _, want := range []string{
			"ok partition tables primary and backup keep firmware's rules", "ok kernel partition 2 (KERN-A) is what firmware boots",
			"ok root partition 3 (ROOT-A)", "ok keyblock hash SHA-512", "ok preamble signature RSA-", "ok body signature RSA-",
		} {
			if !strings.Contains(got, "\n"+want) {
				t.Errorf("%v: want %q in\n%s", args, want, got)
			}
		}
		want := "\n- shim's kernel not compared"
		if len(args) > 1 {
			want = "\nok shim's kernel "
		}
		if code != 0 || !strings.Contains(got, want) {
			t.Errorf("%v: exit %d, want %q in\n%s", args, code, want, got)
		}
	}
}

func TestVerifyFindsWhatFirmwareWould(t *testing.T) {
	_, img := built(t)
	shim := testenv.Write(t, "shim.bin", testenv.Read(t, img))
	d := testenv.Read(t, img)
	d[3<<20] ^= 1 // in the kernel's body
	d[600] ^= 1   // in the primary header
	changed := testenv.Write(t, "changed.img", d)
	code, got := verified(t, "--shim", shim, changed)
	for _, want := range []string{
		"FAIL partition tables primary table: header checksum", "→ cgpt repair " + changed,
		"FAIL body signature RSA signature", "→ the kernel is not as it was signed",
		"FAIL shim's kernel partition 2 differs from the kernel of " + shim, "→ compare with the shim",
		"ok keyblock hash SHA-512",
	} {
		if !strings.Contains(got, "\n"+want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
	if code != command.ExitInput {
		t.Errorf("exit %d", code)
	}
	// What is said to help does.
	testenv.Run(t, "cgpt", "repair", changed)
	if _, got := verified(t, changed); !strings.Contains(got, "\nok partition tables") {
		t.Errorf("repaired:\n%s", got)
	}
	testenv.Run(t, "cgpt", "add", "-i", "2", "-P", "0", img)
	code, got = verified(t, img)
	if code != command.ExitInput || !strings.Contains(got, "\nFAIL kernel") || !strings.Contains(got, "→ cgpt add -i NUMBER -P 10") {
		t.Errorf("no priority: exit %d\n%s", code, got)
	}
}

func TestVerifyAsJSON(t *testing.T) {
	_, img := built(t)
	d := testenv.Read(t, img)
	d[3<<20] ^= 1
	code, stdout, stderr := run(t, "verify", "--json", testenv.Write(t, "changed.img", d))
	var got struct {
		OK     bool
		Checks []inspect.Check
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil || got.OK || code != command.ExitInput ||
		!strings.HasSuffix(stderr, "changed.img: 1 of 6 checks failed: body signature\n") {
		t.Fatalf("exit %d, %v, %s", code, err, stderr)
	}
	for _, k := range got.Checks {
		if k.OK == (k.Name == "body signature") || k.OK != (k.Remedy == "") {
			t.Errorf("%+v", k)
		}
	}
}
