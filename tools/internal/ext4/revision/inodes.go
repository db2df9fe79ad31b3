package revision

import (
	"time"

	"shimboot/tools/internal/ext4/ondisk"
)

// inode is an inode as it becomes.
type inode struct {
	ondisk.Inode
	ino uint32
	raw []byte // of its group's table
}

// edit gives an inode to be changed. Its group's table and bitmap of inodes move
// to another place.
func (v *volume) edit(ino uint32) (*inode, error) {
	g, index := v.groups[(ino-1)/v.sb.InodesPerGroup], (ino-1)%v.sb.InodesPerGroup
	if err := v.moveInodes(g); err != nil {
		return nil, err
	}
	raw := g.table[uint64(index)*uint64(v.sb.InodeSize):][:v.sb.InodeSize]
	return &inode{ondisk.ParseInode(raw), ino, raw}, nil
}

func (v *volume) moveInodes(g *group) (err error) {
	if g.inodesChanged {
		return nil
	}
	g.inodesChanged = true
	table, bitmap := g.desc.InodeTable, g.desc.InodeBitmap
	if g.desc.InodeTable, err = v.place(g, v.tableBlocks()); err != nil {
		return err
	}
	if g.desc.InodeBitmap, err = v.place(g, 1); err != nil {
		return err
	}
	if err := v.release(table, v.tableBlocks()); err != nil {
		return err
	}
	return v.release(bitmap, 1)
}

// create takes an inode that is free, if it can be in the group of another, for
// a file or a directory.
func (v *volume) create(near uint32, mode uint16, when time.Time) (*inode, error) {
	per := v.sb.InodesPerGroup
	for k := range uint32(len(v.groups)) {
		nr := ((near-1)/per + k) % uint32(len(v.groups))
		g := v.groups[nr]
		for index := range per {
			ino := nr*per + index + 1
			if g.inodes[index/8]>>(index%8)&1 == 1 || ino < v.sb.FirstInode || ino > v.sb.InodesCount {
				continue
			}
			ondisk.SetBits(g.inodes, uint64(index), uint64(index)+1)
			if mode&ondisk.ModeFormat == ondisk.ModeDir {
				g.desc.Dirs++
			}
			i, err := v.edit(ino)
			if err != nil {
				return nil, err
			}
			clear(i.raw)
			i.Inode = ondisk.Inode{Mode: mode, Links: 1, ATime: when, CrTime: when}
			if len(i.raw) > ondisk.OldInodeSize {
				i.ExtraSize = ondisk.ExtraIsize
			}
			return i, nil
		}
	}
	return nil, &NoInodeError{}
}

// NoInodeError says that a file system has as many files as it can have.
type NoInodeError struct{}

func (*NoInodeError) Error() string { return "ext4: it has as many files as it can have" }

// BadInput marks the error as the input's fault.
func (*NoInodeError) BadInput() bool { return true }

// save writes an inode to its table.
func (v *volume) save(i *inode, when time.Time) {
	i.MTime, i.CTime = when, when
	i.Put(i.raw)
	if v.sums.Enabled {
		ondisk.PutInodeChecksum(i.raw, v.sums.Of(i.ino, i.Generation).Inode(i.raw))
	}
}
