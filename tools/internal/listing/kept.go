package listing

import (
	"container/list"

	"shimboot/tools/internal/badinput"
)

// maxListed is how many names directories may be listed with in all, those that
// are listed again as well.
const maxListed = 16 << 20

// Kept keeps the directories that were used last, so that what is in one is found
// without listing it once a name. It has room for Most names, and beside that for
// one directory of any size: otherwise this and those above it would drive each
// other out. It is for one goroutine at a time.
type Kept[K comparable, V any] struct {
	Most int

	dirs   map[K]*list.Element
	used   list.List // of *held, the last first
	names  int       // in used
	large  *held[K, V]
	listed int64
}

type held[K comparable, V any] struct {
	key   K
	names int
	dir   V
}

// Get gives a directory that is kept.
func (k *Kept[K, V]) Get(key K) (dir V, ok bool) {
	if k.large != nil && k.large.key == key {
		return k.large.dir, true
	}
	e := k.dirs[key]
	if e == nil {
		return dir, false
	}
	k.used.MoveToFront(e)
	h, ok := e.Value.(*held[K, V])
	return h.dir, ok
}

// Put is for a directory of so many names that was listed, as it was not kept.
// It refuses a file system that has too many listed: no cache holds what was made
// to be asked for in turn.
func (k *Kept[K, V]) Put(key K, names int, dir V) error {
	names++ // it takes room itself
	if k.listed += int64(names); k.listed > maxListed {
		return badinput.New("directories").Got("more than %d names to be listed, with those that are listed again", maxListed).
			Want("at most that")
	}
	if _, ok := k.Get(key); ok {
		return nil // by another goroutine, meanwhile
	}
	h := &held[K, V]{key, names, dir}
	if names > k.Most {
		k.large = h
		return nil
	}
	if k.dirs == nil {
		k.dirs = map[K]*list.Element{}
	}
	k.dirs[key] = k.used.PushFront(h)
	for k.names += names; k.names > k.Most; {
		old, _ := k.used.Remove(k.used.Back()).(*held[K, V])
		delete(k.dirs, old.key)
		k.names -= old.names
	}
	return nil
}
