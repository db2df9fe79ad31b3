package ext4

import (
	"fmt"
	"strings"

	"shimboot/tools/internal/ext4/ondisk"
)

// records parses directory entries up to the end of b.
func (p *dirParser) records(b []byte, pos int64) error {
	for len(b) > 0 {
		r, err := ondisk.ParseDirEntry(b, pos)
		if err != nil {
			return err
		}
		if r.Inode != 0 {
			e := dirent{name: r.Name, ino: r.Inode, at: pos}
			if p.fs.sb.HasIncompat(ondisk.IncompatFiletype) {
				e.ft = r.Type
			}
			if err := p.add(e); err != nil {
				return err
			}
		}
		b, pos = b[r.RecLen:], pos+int64(r.RecLen)
	}
	return nil
}

func (p *dirParser) add(e dirent) error {
	switch e.name {
	case ".":
		if e.ino != p.dir.Ino {
			return badf(e.at, `inode of "."`, e.ino, "%d, the directory itself", p.dir.Ino)
		}
		return nil
	case "..":
		if p.out.parent != 0 {
			return badf(e.at, `second ".."`, e.ino, "only one")
		}
		p.out.parent = e.ino
		return nil
	}
	if e.name == "" || strings.ContainsAny(e.name, "/\x00") {
		return badf(e.at+ondisk.DirEntryNameOffset, "name in a directory", fmt.Sprintf("%q", e.name), "a name without / and NUL")
	}
	if e.ino < p.fs.sb.FirstInode || e.ino > p.fs.sb.InodesCount {
		return badf(e.at, fmt.Sprintf("inode of %q", e.name), e.ino, "%d to %d", p.fs.sb.FirstInode, p.fs.sb.InodesCount)
	}
	if len(p.out.entries) == maxDirNames {
		return badf(e.at, fmt.Sprintf("directory inode %d", p.dir.Ino), "more names", "at most %d", maxDirNames)
	}
	p.out.entries = append(p.out.entries, e)
	return nil
}
