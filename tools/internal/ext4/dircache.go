package ext4

import "sync"

// dirCacheEntries bounds the names kept in parsed form, about 20 MB of them.
const dirCacheEntries = 256 << 10

// dirCache keeps the directories parsed last, so that opening all files of one
// does not parse it once a file.
type dirCache struct {
	mu    sync.Mutex
	dirs  map[uint32]*directory
	order []uint32 // oldest first
	total int      // entries in dirs
}

func (c *dirCache) get(ino uint32) *directory {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dirs[ino]
}

// put adds a directory and drops the oldest ones until all fit. A directory
// too large for the cache stays alone in it.
func (c *dirCache) put(ino uint32, d *directory) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.dirs == nil {
		c.dirs = map[uint32]*directory{}
	}
	if c.dirs[ino] != nil {
		return
	}
	cost := func(d *directory) int { return len(d.entries) + 1 }
	for c.total += cost(d); c.total > dirCacheEntries && len(c.order) > 0; {
		c.total -= cost(c.dirs[c.order[0]])
		delete(c.dirs, c.order[0])
		c.order = c.order[1:]
	}
	c.dirs[ino] = d
	c.order = append(c.order, ino)
}
