package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"shimboot/tools/internal/atomicfile"
	"shimboot/tools/internal/blockdev"
)

// OutputDir is atomicfile.WriteDir for the directory that --out names.
func OutputDir(path string, write func(dir string) error) error {
	return advise(atomicfile.WriteDir(path, write))
}

// OutputFile is atomicfile.Write for the file that --out names. A file that a
// loop device holds is not replaced: what is mounted from it would go on as a
// file without a name, and be lost with it.
func OutputFile(path string, write func(f *os.File) error) error {
	return output(path, write, atomicfile.Write)
}

// PrivateFile is OutputFile for what may hold a secret.
func PrivateFile(path string, write func(f *os.File) error) error {
	return output(path, write, atomicfile.WritePrivate)
}

func output(path string, write func(*os.File) error, atomic func(string, func(*os.File) error) error) error {
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		if err := blockdev.Linux().Free(path); err != nil {
			return err
		}
	}
	return advise(atomic(path, write))
}

// advise says which flag or command helps where the place is taken.
func advise(err error) error {
	var occupied *atomicfile.OccupiedError
	switch {
	case !errors.As(err, &occupied):
		return err
	case occupied.ForDir:
		return fmt.Errorf("%w; remove it or choose another --out", err)
	case occupied.Mode&fs.ModeDevice != 0:
		return fmt.Errorf("%w; gpt-pack flash writes to disks", err)
	}
	return err
}
