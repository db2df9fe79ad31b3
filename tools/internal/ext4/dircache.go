package ext4

import (
	"sync"

	"shimboot/tools/internal/listing"
)

// dirCacheEntries bounds the names kept in parsed form, about 20 MB of them.
const dirCacheEntries = 256 << 10

// dirCache keeps the directories parsed last, so that opening all files of one
// does not parse it once a file.
type dirCache struct {
	mu   sync.Mutex
	dirs listing.Kept[uint32, *directory]
}

func (c *dirCache) get(ino uint32) *directory {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, _ := c.dirs.Get(ino)
	return d
}

func (c *dirCache) put(ino uint32, d *directory) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dirs.Most = dirCacheEntries
	return c.dirs.Put(ino, len(d.entries), d)
}
