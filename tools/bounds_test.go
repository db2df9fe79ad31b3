package tools_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"shimboot/tools/internal/bytesize"
	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// reserve is the part of what docs/limits.md promises that Go's runtime takes for
// itself in addresses, and does not use: below 750 MiB, not even `gpt-pack
// --version` starts (Go 1.26, amd64).
const reserve = 400 << 20

// Whatever the input is, a command ends, blames the input or has done what it
// was to, takes the memory and the room that docs/limits.md promises, and leaves
// nothing behind.
func TestCommandsAreBounded(t *testing.T) {
	testenv.Need(t, "unshare", "depmod", "time")
	bin, promised := built(t), promises(t)
	all := samples(t)
	for _, c := range commands() {
		for _, s := range all {
			t.Run(c.name+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				got := c.run(t, bin, s, memoryOf(t, promised, c.name))
				got.check(t, strings.HasPrefix(s.name, "zip"))
				if want, ok := s.refusals[c.name]; ok && (got.code != command.ExitInput || !strings.Contains(got.out, want)) {
					t.Errorf("exit %d, %s\nwant %q", got.code, got.out, want)
				}
			})
		}
	}
}

// built is a folder with the programs, as nix/packages/tools.nix makes them: with
// cgo, libc takes more address space for each thread than the program.
func built(t *testing.T) string {
	dir := t.TempDir()
	testenv.Run(t, "env", "CGO_ENABLED=0", "go", "build", "-o", dir+"/", "./gpt-pack", "./kern-unpack", "./initramfs-patch", "./driver-harvest")
	return dir
}

// promises are the rows of the page: bytes of memory by command.
func promises(t *testing.T) map[string]int64 {
	found := map[string]int64{}
	row := regexp.MustCompile("(?m)^\\| `([a-z -]+)` \\| ([0-9]+) ([KMG]iB) \\|")
	for _, m := range row.FindAllStringSubmatch(string(testenv.Read(t, "../docs/limits.md")), -1) {
		n, err := bytesize.Parse(m[2] + m[3])
		if err != nil {
			t.Fatal(err)
		}
		found[m[1]] = n
	}
	return found
}

// memoryOf is the promise for a command: the longest row that it starts with.
func memoryOf(t *testing.T, promised map[string]int64, name string) int64 {
	best := ""
	for row := range promised {
		if strings.HasPrefix(name, row) && len(row) > len(best) {
			best = row
		}
	}
	if best == "" {
		t.Fatalf("docs/limits.md promises nothing for %s", name)
	}
	return promised[best]
}

// bounded runs a program in a scratch of its own of 64 MiB, with so many KiB of
// address space, and says what is left of what should not be.
const bounded = `mount -t tmpfs -o size=64M tmpfs "$1"
cd "$1"
mkdir tmp out
truncate -s 200M stick
export TMPDIR="$1/tmp" memory="$2"
shift 2
code=0
(ulimit -v "$memory"; exec time -q -f 'peak: %M KiB' "$@") || code=$?
find tmp -mindepth 1 -printf 'left: %p\n'
[ "$code" -eq 0 ] || find out -mindepth 1 -printf 'left: %p\n'
exit "$code"`

// ended is how a command did.
type ended struct {
	code         int
	out          string
	peak, memory int64 // resident bytes, and those that are promised
}

// under runs a program with twice the memory.
func under(t *testing.T, memory int64, args ...string) ended {
	t.Helper()
	limit := fmt.Sprint(2 * memory >> 10)
	cmd := testenv.Namespace(t, bounded, append([]string{t.TempDir(), limit}, args...)...)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	// A process counts what it was forked from: this one is not to be counted.
	peak := regexp.MustCompile(`(?m)^peak: (\d+) KiB$`).FindSubmatch(out)
	if peak == nil {
		t.Fatalf("no peak in %s", out)
	}
	kib, err := strconv.ParseInt(string(peak[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return ended{cmd.ProcessState.ExitCode(), string(out), kib << 10, memory}
}

// check is for any command and input. Only what fills a disk in a documented way
// may say that it is full.
func (e ended) check(t *testing.T, fills bool) {
	t.Helper()
	full := fills && e.code == command.ExitIO && strings.Contains(e.out, "no space left on device")
	if e.code != 0 && e.code != command.ExitInput && !full {
		t.Errorf("exit %d: %.2000s", e.code, e.out)
	}
	if most := e.memory - reserve; e.peak > most {
		t.Errorf("%d MiB of memory, promised are %d", e.peak>>20, most>>20)
	}
	for _, bad := range []string{"panic", "fatal error", "goroutine ", "left: "} {
		if strings.Contains(e.out, bad) {
			t.Errorf("%q in %.2000s", bad, e.out)
		}
	}
}

// trial is a command on a sample.
type trial struct {
	name string // as in docs/limits.md, or longer
	args func(t *testing.T, sample string) []string
}

func (c trial) run(t *testing.T, bin string, s sample, memory int64) ended {
	t.Helper()
	args := c.args(t, s.path)
	program, _, _ := strings.Cut(c.name, " ")
	return under(t, memory, append([]string{filepath.Join(bin, program)}, args...)...)
}

func commands() []trial {
	on := func(args ...string) func(*testing.T, string) []string {
		return func(_ *testing.T, sample string) []string { return append(args[:len(args):len(args)], sample) }
	}
	return []trial{
		{"gpt-pack show", on("show")}, {"gpt-pack verify", on("verify")}, {"gpt-pack ls", on("ls")},
		{"gpt-pack get", func(_ *testing.T, s string) []string { return []string{"get", "--out", "out/f", s, "a/b"} }},
		{"gpt-pack put", func(t *testing.T, s string) []string { return []string{"put", copyOf(t, s), "/etc/passwd"} }},
		{"gpt-pack flash", func(_ *testing.T, s string) []string { return []string{"flash", "--force", "stick", s, "stick"} }},
		{"gpt-pack build", building("tar", "16MiB")}, {"gpt-pack build content", building("tar", "content")},
		{"gpt-pack build cpio", building("cpio", "16MiB")}, {"gpt-pack build kernel", buildingKernel},
		{"kern-unpack info", on("info")}, {"kern-unpack verify", on("verify")}, {"kern-unpack extract", on("extract", "--out", "out/d")},
		{"initramfs-patch", on("--out", "out/cpio", "--in")},
		{"driver-harvest", on("--firmware", "all", "--out", "out/d", "--shim")},
	}
}

func copyOf(t *testing.T, file string) string {
	return testenv.Write(t, "copy", testenv.Read(t, file))
}

// building makes an image of one source.
func building(kind, size string) func(*testing.T, string) []string {
	return func(t *testing.T, sample string) []string {
		spec := fmt.Sprintf(`{"schemaVersion": 1, "seed": "s", "partitions": [{"name": "p", "type": "linux-data", "size": %q,
			"content": {"ext4": {"sources": [{%q: %q}]}}}]}`, size, kind, sample)
		return []string{"build", "--max-size", "48MiB", "--spec", testenv.Write(t, "spec.json", []byte(spec)), "--out", "out/img"}
	}
}

// buildingKernel looks into a kernel.
func buildingKernel(t *testing.T, sample string) []string {
	spec := fmt.Sprintf(`{"schemaVersion": 1, "seed": "s", "partitions": [
		{"name": "k", "type": "chromeos-kernel", "size": "64MiB", "content": {"raw": {"path": %q}}},
		{"name": "r", "type": "chromeos-rootfs", "size": "1MiB", "content": {"ext2": {}}}]}`, sample)
	return []string{"build", "--dry-run", "--spec", testenv.Write(t, "spec.json", []byte(spec))}
}

// sample is an input, and what some commands say of it.
type sample struct {
	name, path string
	refusals   map[string]string
}

func write(t *testing.T, name string, d []byte, refusals map[string]string) sample {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, d, 0o600); err != nil {
		t.Fatal(err)
	}
	return sample{name, path, refusals}
}
