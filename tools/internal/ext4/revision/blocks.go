package revision

import (
	"fmt"

	"shimboot/tools/internal/ext4/ondisk"
)

// NoRoomError says that a file system has no room for a change beside what it
// has.
type NoRoomError struct {
	Blocks uint64 // of which so many in a row were wanted
	Free   uint64 // in bytes: all that was free before
}

func (e *NoRoomError) Error() string {
	return fmt.Sprintf("ext4: no %d free blocks in a row, of %d bytes that were free", e.Blocks, e.Free)
}

// BadInput marks the error as the input's fault.
func (e *NoRoomError) BadInput() bool { return true }

// take takes n blocks in a row from blocks that were free, between two.
func (v *volume) take(n, from, to uint64) (uint64, error) {
	for start, have := max(from, v.low), uint64(0); start+n <= to; {
		if !v.free[start+have] {
			start, have = start+have+1, 0
			continue
		}
		if have++; have < n {
			continue
		}
		if n == 1 && from == 0 {
			v.low = start + 1
		}
		v.mark(start, n)
		return start, nil
	}
	free := uint64(0)
	for _, is := range v.wasFree {
		if is {
			free += v.bs
		}
	}
	return 0, &NoRoomError{n, free}
}

// mark puts blocks to use.
func (v *volume) mark(start, n uint64) {
	for b := start; b < start+n; b++ {
		g, bit := v.groupOf(b)
		g.blocksChanged, v.free[b] = true, false
		ondisk.SetBits(g.blocks, bit, bit+1)
	}
}

// release makes blocks free that are no longer in use; nothing takes them before
// all that is changed is written.
func (v *volume) release(start, n uint64) error {
	if first, end := uint64(v.sb.FirstDataBlock), v.fs.Blocks(); start < first || start >= end || n > end-start {
		return ondisk.Badf(0, "blocks in use", fmt.Sprintf("%d+%d", start, n), "blocks from %d to %d", first, end-1)
	}
	for b := start; b < start+n; b++ {
		g, bit := v.groupOf(b)
		if g.blocks[bit/8]>>(bit%8)&1 == 0 {
			return ondisk.Badf(int64(b*v.bs), fmt.Sprintf("block %d", b), "two uses of it, or a bitmap that has it as free", "one use")
		}
		g.blocks[bit/8] &^= 1 << (bit % 8)
		g.blocksChanged = true
	}
	return nil
}

// groupOf gives the group of a block, and its bit there.
func (v *volume) groupOf(block uint64) (g *group, bit uint64) {
	n := block - uint64(v.sb.FirstDataBlock)
	return v.groups[n/uint64(v.sb.BlocksPerGroup)], n % uint64(v.sb.BlocksPerGroup)
}

// place takes n blocks in a row for a group's own use: in the group, unless
// such blocks may be anywhere.
func (v *volume) place(g *group, n uint64) (uint64, error) {
	at, err := v.take(n, g.first, g.first+g.count)
	if err != nil && v.sb.HasIncompat(ondisk.IncompatFlexBG) {
		return v.take(n, 0, v.fs.Blocks())
	}
	return at, err
}
