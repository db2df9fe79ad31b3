package revision

import (
	"shimboot/tools/internal/ext4"
	"shimboot/tools/internal/ext4/ondisk"
)

// names gives the entries of a directory, as they would be written again.
func (v *volume) names(dir string) ([]ondisk.DirEntry, error) {
	list, err := v.fs.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	entries := make([]ondisk.DirEntry, 0, len(list)+1)
	for _, d := range list {
		info, err := d.Info()
		if err != nil {
			return nil, err
		}
		i := info.Sys().(*ext4.Inode)
		entries = append(entries, ondisk.DirEntry{Inode: i.Ino, Name: d.Name(), Type: ondisk.TypeOfMode(i.Mode)})
	}
	return entries, nil
}

// fill gives a directory entries, in a plain list.
func (v *volume) fill(dir *inode, parent uint32, entries []ondisk.DirEntry) error {
	dots := []ondisk.DirEntry{{Inode: dir.ino, Name: ".", Type: ondisk.TypeDir}, {Inode: parent, Name: "..", Type: ondisk.TypeDir}}
	room := int(v.bs)
	if v.sums.Enabled {
		room -= ondisk.DirTailSize
	}
	var content, block []byte
	last := 0 // the entry that reaches to the end of the block
	finish := func() {
		ondisk.PutDirEntryLen(block[last:], room-last)
		block = append(block, make([]byte, int(v.bs)-len(block))...)
		if v.sums.Enabled {
			ondisk.PutDirTail(block[room:], v.sums.Of(dir.ino, dir.Generation).DirBlock(block[:room]))
		}
		content, block = append(content, block...), nil
	}
	for _, e := range append(dots, entries...) {
		if e.RecLen = ondisk.DirEntryLen(e.Name); len(block)+e.RecLen > room {
			finish()
		}
		if !v.sb.HasIncompat(ondisk.IncompatFiletype) {
			e.Type = ondisk.TypeUnknown
		}
		last = len(block)
		block = append(block, make([]byte, e.RecLen)...)
		e.Put(block[last:])
	}
	finish()
	return v.replace(dir, content)
}
