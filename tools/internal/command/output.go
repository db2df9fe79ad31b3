package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"shimboot/tools/internal/atomicfile"
)

// OutputDir is atomicfile.WriteDir for the directory that --out names.
func OutputDir(path string, write func(dir string) error) error {
	return advise(atomicfile.WriteDir(path, write))
}

// OutputFile is atomicfile.Write for the file that --out names.
func OutputFile(path string, write func(f *os.File) error) error {
	return advise(atomicfile.Write(path, write))
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
