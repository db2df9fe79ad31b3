package atomicfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"shimboot/tools/internal/atomicfile"
)

// TestMain makes the test binary a writer of three outputs in a directory: a
// process has one umask for all of its tests.
func TestMain(m *testing.M) {
	dir := os.Getenv("WRITE_OUTPUTS")
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := outputs(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// outputs fails as well where an output could be read by others on its way.
func outputs(dir string) error {
	open := func(path string) error {
		info, err := os.Stat(path)
		if err == nil && info.Mode()&0o077 != 0 && os.Getenv("PRIVATE_ON_THE_WAY") != "" {
			err = errors.New(path + " is " + info.Mode().String() + " on its way")
		}
		return err
	}
	file := func(f *os.File) error { return open(f.Name()) }
	return errors.Join(
		atomicfile.Write(filepath.Join(dir, "file"), file),
		atomicfile.WritePrivate(filepath.Join(dir, "private"), file),
		atomicfile.WriteDir(filepath.Join(dir, "dir"), open))
}

// written writes the outputs with a umask into dir and gives their modes. What
// is in before is there with its mode.
func written(t *testing.T, umask string, before map[string]fs.FileMode, env ...string) string {
	t.Helper()
	dir := t.TempDir()
	for name, mode := range before {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Chmod(file, mode)); err != nil {
			t.Fatal(err)
		}
	}
	outputsWith(t, umask, dir, env...)
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var modes []string
	for _, e := range list {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		modes = append(modes, e.Name()+" "+info.Mode().String())
	}
	return strings.Join(modes, ", ")
}

// outputsWith writes the outputs with a umask into dir.
func outputsWith(t *testing.T, umask, dir string, env ...string) {
	t.Helper()
	cmd := exec.Command("sh", "-euc", "umask "+umask+`; exec "$0"`, os.Args[0])
	cmd.Env = append(append(os.Environ(), "WRITE_OUTPUTS="+dir), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func TestModesOfNewOutputs(t *testing.T) {
	for umask, want := range map[string]string{
		"022": "dir drwxr-xr-x, file -rw-r--r--, private -rw-------",
		"077": "dir drwx------, file -rw-------, private -rw-------",
		"002": "dir drwxrwxr-x, file -rw-rw-r--, private -rw-------",
		"027": "dir drwxr-x---, file -rw-r-----, private -rw-------",
		"277": "dir dr-x------, file -r--------, private -r--------",
	} {
		if got := written(t, umask, nil); got != want {
			t.Errorf("umask %s: %s\nwant %s", umask, got, want)
		}
	}
	if got := written(t, "077", nil, "PRIVATE_ON_THE_WAY=1"); !strings.Contains(got, "private") {
		t.Error(got)
	}
}

// Whatever umask says, a file that is replaced keeps its mode; one with a
// secret is nobody else's.
func TestModesOfReplacedFiles(t *testing.T) {
	for mode, want := range map[fs.FileMode]string{
		0o600: "file -rw-------, private -rw-------",
		0o644: "file -rw-r--r--, private -rw-------",
		0o664: "file -rw-rw-r--, private -rw-------",
		0o440: "file -r--r-----, private -r--------",
	} {
		for _, umask := range []string{"022", "077", "000"} {
			got := written(t, umask, map[string]fs.FileMode{"file": mode, "private": mode}, "PRIVATE_ON_THE_WAY=")
			if _, got, _ = strings.Cut(got, ", "); got != want {
				t.Errorf("%v, umask %s: %s\nwant %s", mode, umask, got, want)
			}
		}
	}
}

// A file of mode 0600 is never more open than that, not even half written.
func TestReplacedFileIsPrivateOnTheWay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := atomicfile.Write(file, func(f *os.File) error {
		info, err := f.Stat()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%v on its way", info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Root leaves a user's file the user's, but gives nothing to who may have put a
// file into /tmp in advance.
func TestOwnerOfAReplacedFile(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give files away")
	}
	const user, group = 12345, 12346
	const sticky = 0o777 | fs.ModeSticky
	for name, test := range map[string]struct {
		dir, before, want fs.FileMode
		uid, gid          uint32
	}{
		"in a directory":               {0o755, 0o660, 0o660, user, group},
		"in /tmp":                      {sticky, 0o660, 0o644, 0, 0},
		"in /tmp, everyone's":          {sticky, 0o666, 0o644, 0, 0},
		"in /tmp, everyone's to write": {sticky, 0o602, 0o644, 0, 0},
		"in /tmp, closed":              {sticky, 0o600, 0o644, 0, 0},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "file")
		private := filepath.Join(dir, "private")
		for _, f := range []string{file, private} {
			if err := errors.Join(os.WriteFile(f, nil, 0o600), os.Chmod(f, test.before), os.Chown(f, user, group)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(dir, test.dir); err != nil {
			t.Fatal(err)
		}
		outputsWith(t, "022", dir)
		checkOwned(t, name, file, test.want, test.uid, test.gid)
		checkOwned(t, name+", a secret", private, 0o600, test.uid, test.gid)
	}
}

func checkOwned(t *testing.T, name, file string, mode fs.FileMode, uid, gid uint32) {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	s := info.Sys().(*syscall.Stat_t)
	if info.Mode() != mode || s.Uid != uid || s.Gid != gid {
		t.Errorf("%s: %v of %d:%d, want %v of %d:%d", name, info.Mode(), s.Uid, s.Gid, mode, uid, gid)
	}
}

// someACL is what the kernel keeps of an ACL: entries of tag, rights and id.
func someACL() string {
	entry := func(tag, rights byte, id string) string { return string([]byte{tag, 0, rights, 0}) + id }
	const none = "\xff\xff\xff\xff"
	return "\x02\x00\x00\x00" + entry(1, 6, none) + entry(2, 6, "\x39\x30\x00\x00") + entry(4, 0, none) + entry(16, 6, none) + entry(32, 0, none)
}

func aclOf(path string) string {
	b := make([]byte, 1000)
	n, err := syscall.Getxattr(path, "system.posix_acl_access", b)
	if err != nil {
		return err.Error()
	}
	return string(b[:n])
}

// The bits of the group are the ACL's bound where there is one: they would be
// the group's own if the ACL were lost.
func TestACLOfAReplacedFile(t *testing.T) {
	for name, test := range map[string]struct {
		write     func(string, func(*os.File) error) error
		attribute string // of the file, or of the directory for what is new in it
		want      string
	}{
		"kept":                {atomicfile.Write, "system.posix_acl_access", someACL()},
		"of a secret":         {atomicfile.WritePrivate, "system.posix_acl_access", syscall.ENODATA.Error()},
		"not the directory's": {atomicfile.Write, "system.posix_acl_default", syscall.ENODATA.Error()},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "file")
		if err := os.WriteFile(file, nil, 0o640); err != nil {
			t.Fatal(err)
		}
		on := file
		if test.attribute == "system.posix_acl_default" {
			on = dir
		}
		if err := syscall.Setxattr(on, test.attribute, []byte(someACL()), 0); err != nil {
			t.Skip("no ACLs here: ", err)
		}
		if err := test.write(file, func(*os.File) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if got := aclOf(file); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
