package ext4

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// records parses struct ext4_dir_entry_2: inode, record length, name length,
// type, name.
func (p *dirParser) records(b []byte, pos int64) error {
	le := binary.LittleEndian
	for len(b) > 0 {
		if len(b) < 8 {
			return badf(pos, "directory record", fmt.Sprintf("%d bytes left", len(b)), "at least 8")
		}
		ino, recLen, nameLen := le.Uint32(b), int(le.Uint16(b[4:])), int(b[6])
		if recLen < 8+nameLen || recLen%4 != 0 || recLen > len(b) {
			return badf(pos+4, "length of directory record", recLen, "a multiple of 4 from %d to %d", 8+nameLen, len(b))
		}
		if ino != 0 {
			e := dirent{name: string(b[8 : 8+nameLen]), ino: ino, at: pos}
			if p.fs.sb.has(incompatFiletype) {
				e.ft = b[7]
			}
			if err := p.add(e); err != nil {
				return err
			}
		}
		b, pos = b[recLen:], pos+int64(recLen)
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
		return badf(e.at+8, "name in a directory", fmt.Sprintf("%q", e.name), "a name without / and NUL")
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
