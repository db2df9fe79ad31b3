package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"shimboot/tools/internal/command"
	"shimboot/tools/internal/testenv"
)

// mounted runs a script that may mount and in which $GPT_PACK is gpt-pack, in a
// directory of its own. It gives the exit code and all that was printed.
func mounted(t *testing.T, script string, args ...string) (int, string) {
	t.Helper()
	cmd := testenv.Namespace(t, script, args...)
	cmd.Env = append(cmd.Env, "BE_GPT_PACK=1", "GPT_PACK="+os.Args[0])
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func empty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A file system of one MiB, and what is left in it when gpt-pack is done.
const full = `mount -t tmpfs -o size=1M tmpfs "$PWD"
cd "$PWD"
code=0
`

func TestFullDisk(t *testing.T) {
	_, img := built(t)
	dir := filepath.Dir(img)
	before := testenv.Read(t, img)
	const noSpace = "no space left on device"
	for name, test := range map[string]struct {
		script string
		want   string
	}{
		"build": {`"$GPT_PACK" build --spec "$2/spec.json" --out img || code=$?; find . -mindepth 1; exit $code`, noSpace + "\n"},
		"flash": {`truncate -s 200M stick; exec "$GPT_PACK" flash "$1" stick`, noSpace + "; the disk has no partition table now"},
		"flash to a device": {`truncate -s 200M stick; loop=$(losetup --show -f stick); trap 'losetup -d "$loop"' EXIT
			"$GPT_PACK" flash --force "$loop" "$1" "$loop"`, noSpace + "; the disk may have an old or a new partition table"},
		"put": {`head -c 900K /dev/zero >fill; TMPDIR=. exec "$GPT_PACK" put "$1" "$2/root-a.cpio"`, noSpace},
		"get": {`head -c 1M /dev/zero >fill || :; exec "$GPT_PACK" get --out f "$1" dev_image/etc/lsb-factory`, noSpace},
	} {
		code, out := mounted(t, full+test.script, img, dir)
		if code != command.ExitIO || !strings.Contains(out, test.want) || name == "build" && !strings.HasSuffix(out, test.want) {
			t.Errorf("%s: exit %d, %q, want %q", name, code, out, test.want)
		}
	}
	if !bytes.Equal(testenv.Read(t, img), before) {
		t.Error("the image changed")
	}
}

// A disk of which only the start is left: what Linux says of a read further on
// is an I/O error.
const dying = `mke2fs -q -F -t ext2 -d "$1" disk 128M 2>/dev/null
mkdir mnt out
mount -o loop,ro disk mnt
ls -lR mnt >/dev/null
truncate -s 3M disk
`

func TestInputThatCannotBeRead(t *testing.T) {
	_, img := built(t)
	dir := t.TempDir()
	testenv.Run(t, "sh", "-euc", `cd "$0"; mkdir f; head -c 8M /dev/urandom >f/noise; cp f/noise .; cp --sparse=always "$1" img
		(cd f && find . | cpio -o -H newc --quiet) >cpio; tar -C f -cf tar .; gzip -k tar; rm -r f`, dir, img)
	build := func(content string) string {
		return `cat >spec.json <<'SPEC'
{"schemaVersion": 1, "seed": "s", "partitions": [
  {"name": "p", "type": "linux-data", "size": "content+10%", "content": {` + content + `}}]}
SPEC
code=0
"$GPT_PACK" build --spec spec.json --out out/img || code=$?
find out -mindepth 1
exit $code`
	}
	for script, want := range map[string]string{
		build(`"ext4": {"sources": [{"directory": "mnt"}]}`):           "mnt/",
		build(`"ext2": {"sources": [{"cpio": "mnt/cpio"}]}`):           "mnt/cpio",
		build(`"ext4": {"sources": [{"tar": "mnt/tar"}]}`):             "mnt/tar",
		build(`"ext4": {"sources": [{"tar": "mnt/tar.gz"}]}`):          "mnt/tar.gz",
		build(`"raw": {"path": "mnt/noise"}`):                          "mnt/noise",
		build(`"vfat": {"sources": [{"directory": "mnt"}]}`):           "mnt/",
		`truncate -s 200M stick; exec "$GPT_PACK" flash mnt/img stick`: "mnt/img",
		`exec "$GPT_PACK" verify mnt/img`:                              "mnt/img",
	} {
		code, out := mounted(t, dying+script, dir)
		if code != command.ExitIO || !strings.Contains(out, want) || !strings.HasSuffix(strings.ToLower(out), "input/output error\n") {
			t.Errorf("%s: exit %d, %q", script, code, out)
		}
	}
}

// A file that is not what it was when it was measured, while standard input is
// waited for, is noticed.
func TestFileThatChanges(t *testing.T) {
	changed := regexp.MustCompile(`(file|raw): .*(changed while it was read|no such file or directory|symbolic links|is a directory)\n$`)
	for name, change := range map[string]func(file string) error{
		"grows":   func(file string) error { return os.Truncate(file, 300<<10) },
		"shrinks": func(file string) error { return os.Truncate(file, 100<<10) },
		"goes":    os.Remove,
		"a source of the same size": func(file string) error {
			return os.WriteFile(filepath.Join(filepath.Dir(file), "../raw"), bytes.Repeat([]byte("x"), 4096), 0o600)
		},
		"is a link": func(file string) error {
			return errors.Join(os.Remove(file), os.Symlink("/etc/passwd", file))
		},
		"is a directory": func(file string) error {
			return errors.Join(os.Remove(file), os.Mkdir(file, fs.ModePerm))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, out := t.TempDir(), t.TempDir()
			file := filepath.Join(dir, "tree", "file")
			if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, make([]byte, 200<<10), 0o600),
				os.WriteFile(filepath.Join(dir, "raw"), make([]byte, 4096), 0o600)); err != nil {
				t.Fatal(err)
			}
			spec := testenv.Write(t, "spec.json", []byte(`{"schemaVersion": 1, "seed": "s", "partitions": [
				{"name": "r", "type": "linux-data", "size": "content", "content": {"raw": {"path": "`+dir+`/raw"}}},
				{"name": "p", "type": "linux-data", "size": "content", "content": {"ext4": {"sources": [{"directory": "`+dir+`/tree"}, {"tar": "-"}]}}}]}`))
			cmd := exec.Command(os.Args[0], "build", "--spec", spec, "--out", filepath.Join(out, "img"))
			cmd.Env = append(os.Environ(), "BE_GPT_PACK=1")
			stdin, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if err := feed(stdin, func() error { return change(file) }); err != nil {
				t.Fatal(err)
			}
			err = cmd.Wait()
			if cmd.ProcessState.ExitCode() != command.ExitIO || !changed.MatchString(stderr.String()) {
				t.Errorf("%v, %s", err, stderr.String())
			}
			empty(t, out)
		})
	}
}

// feed writes a tar archive of a megabyte, and calls do when some of it has been
// read: a pipe holds 64 KiB.
func feed(w io.WriteCloser, do func() error) error {
	const size = 1 << 20
	archive := tar.NewWriter(w)
	err := archive.WriteHeader(&tar.Header{Name: "large", Mode: 0o644, Size: size})
	if err != nil {
		return err
	}
	if _, err := archive.Write(make([]byte, size/2)); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	_, err = archive.Write(make([]byte, size/2))
	return errors.Join(err, archive.Close(), w.Close())
}
