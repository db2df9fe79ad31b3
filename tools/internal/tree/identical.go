package tree

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"runtime"
	"slices"

	"shimboot/tools/internal/parallel"
)

// maxNames is below what ext2 (32000) and ext4 (65000) let a file have.
const maxNames = 30000

// LinkIdentical makes regular files that differ in nothing but their names
// hard links to the first of them by path. Contents are compared by SHA-256;
// only those are read that equal another in all else. Before Finish.
func (p *Packed) LinkIdentical(ctx context.Context) error {
	ids := p.alike()
	sums, err := p.sums(ctx, ids)
	if err != nil {
		return err
	}
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(p.compare(ids[a], ids[b]), slices.Compare(sums[a][:], sums[b][:]),
			cmp.Compare(p.path(ids[a]), p.path(ids[b])))
	})
	owner, names := -1, 0
	for _, i := range order {
		if err := ctx.Err(); err != nil {
			return err
		}
		id := ids[i]
		more := 1 + len(p.links[p.path(id)])
		if owner < 0 || p.compare(ids[owner], id) != 0 || sums[owner] != sums[i] || names+more > maxNames {
			owner, names = i, more
			continue
		}
		p.link(id, ids[owner])
		names += more
	}
	return nil
}

// alike lists the files with content that equal another but for it.
func (p *Packed) alike() []int32 {
	var ids []int32
	for id := range p.count {
		if n := p.at(id); n.kind == there && n.mode.IsRegular() && n.size > 0 && p.xattrs[id] == nil {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, p.compare)
	kept := ids[:0]
	for i, id := range ids {
		before := len(kept) > 0 && p.compare(kept[len(kept)-1], id) == 0
		if before || i+1 < len(ids) && p.compare(id, ids[i+1]) == 0 {
			kept = append(kept, id)
		}
	}
	return kept
}

// compare orders files by all but name and content.
func (p *Packed) compare(a, b int32) int {
	x, y := p.at(a), p.at(b)
	return cmp.Or(cmp.Compare(x.size, y.size), cmp.Compare(x.mode, y.mode), cmp.Compare(x.uid, y.uid),
		cmp.Compare(x.gid, y.gid), cmp.Compare(x.sec, y.sec), cmp.Compare(x.nsec, y.nsec))
}

// sums reads contents, several at a time.
func (p *Packed) sums(ctx context.Context, ids []int32) ([][sha256.Size]byte, error) {
	sums := make([][sha256.Size]byte, len(ids))
	err := parallel.Each(runtime.GOMAXPROCS(0), parallel.Count(len(ids)), func() func(int) error {
		buf := make([]byte, 1<<17)
		return func(i int) (err error) {
			if err = ctx.Err(); err == nil {
				sums[i], err = p.sum(ids[i], buf)
			}
			return err
		}
	})
	return sums, err
}

func (p *Packed) sum(id int32, buf []byte) (sum [sha256.Size]byte, err error) {
	e := p.Entry(int(id))
	r, err := e.Open()
	if err != nil {
		return sum, err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.CopyBuffer(h, struct{ io.Reader }{r}, buf)
	if err == nil && n != e.Size {
		err = &fs.PathError{Op: "read", Path: e.Path, Err: errChanged}
	}
	return [sha256.Size]byte(h.Sum(nil)), err
}

var errChanged = errors.New("its size changed while it was read")

// link makes a file and its further names names of another.
func (p *Packed) link(id, owner int32) {
	path, to := p.path(id), p.path(owner)
	target := p.text.put(to)
	for _, k := range append(p.links[path], id) {
		n := p.at(k)
		if k != id && (n.kind != hardLink || p.text.get(n.target) != path) {
			continue // replaced meanwhile
		}
		n.kind, n.target, n.size, n.source = hardLink, target, 0, none
		p.links[to] = append(p.links[to], k)
	}
	delete(p.links, path)
	delete(p.data, id)
}
