package harvest

import (
	"debug/elf"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"shimboot/tools/internal/badinput"
)

// Kernel is the part of kern-unpack's kernel.json that modules must fit.
type Kernel struct {
	Release string `json:"kernelRelease"` // as in uname -r
	Arch    string `json:"arch"`          // as in uname -m
}

// machines are the ELF machines by uname -m.
func machines() map[string]elf.Machine {
	return map[string]elf.Machine{
		"x86_64": elf.EM_X86_64, "i686": elf.EM_386, "aarch64": elf.EM_AARCH64, "armv7l": elf.EM_ARM,
	}
}

// archOf is the inverse of machines.
func archOf(m elf.Machine) string {
	for arch, machine := range machines() {
		if machine == m {
			return arch
		}
	}
	return m.String()
}

// ReadKernel reads a kernel.json.
func ReadKernel(r io.Reader) (Kernel, error) {
	var doc struct {
		Kernel
		Vboot json.RawMessage `json:"vboot"` // no other document with a kernelRelease has it
	}
	if err := json.NewDecoder(io.LimitReader(r, maxText)).Decode(&doc); err != nil {
		return Kernel{}, badinput.New("kernel.json").Got("%v", err).Want("what kern-unpack wrote")
	}
	k := doc.Kernel
	if doc.Vboot == nil {
		return k, badinput.New("this is no kernel.json").Fix("kern-unpack extract writes it")
	}
	if !plainName(k.Release) {
		return k, badinput.New("kernel.json").Got("kernelRelease %q", k.Release).Want("a release as of uname -r")
	}
	if machines()[k.Arch] == 0 {
		return k, badinput.New("kernel.json").Got("arch %q", k.Arch).Want("x86_64 or aarch64")
	}
	return k, nil
}

func plainName(s string) bool {
	return s != "" && s != "." && s != ".." && !strings.ContainsAny(s, "/\x00")
}

// ReleasesError is a shim with modules for none or several releases, where
// Options.Kernel does not say which is the kernel's.
type ReleasesError struct{ Err *badinput.Error }

func (e *ReleasesError) Error() string { return e.Err.Error() }

// Unwrap gives the error that blames the input.
func (e *ReleasesError) Unwrap() error { return e.Err }

// releaseDir finds the directory of modules for a release, or the only one
// there is where release is empty.
func releaseDir(from *root, release string) (name, dir string, err error) {
	all, info, err := from.realpath("lib/modules")
	if err == nil && !info.IsDir() || errors.Is(err, fs.ErrNotExist) {
		return "", "", badinput.New("%s", from.name("lib/modules")).Got("none").Want("a directory of modules").
			Fix("is this a ChromeOS shim?")
	}
	if err != nil {
		return "", "", err
	}
	list, err := from.readDir(all)
	if err != nil {
		return "", "", err
	}
	var found []string
	for _, e := range list {
		if e.IsDir() {
			found = append(found, e.Name())
		}
	}
	if release == "" && len(found) == 1 {
		release = found[0]
	}
	if slices.Contains(found, release) {
		return release, path.Join(all, release), nil
	}
	bad := badinput.New("%s", from.name("lib/modules")).Got("modules for %s", orNothing(found))
	if release == "" {
		return "", "", &ReleasesError{bad.Want("one release")}
	}
	return "", "", bad.Want("%s, the kernel's release", release).Fix("kernel.json and the shim must be of one image")
}

func orNothing(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}
