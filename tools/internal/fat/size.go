package fat

import (
	"path"
	"unicode/utf16"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
)

// The layout that mkfs.fat -s 1 -S 512 makes: clusters of one sector, two
// tables, on FAT12 and FAT16 a root directory of fixed size.
const (
	clusterSize = 512
	rootEntries = 512     // of FAT12 and FAT16
	dirEntries  = 1 << 16 // of any other directory
	maxSize     = 1 << 37 // a FAT32's 2^28 clusters; above that, no cluster has a number
)

// Bits is the width of a table's entries. Partitions are whole MiB, and at
// each of these sizes the number of clusters is one that defines the type: up
// to 4084 a FAT12, from 65525 on a FAT32, by which readers tell them apart.
func Bits(size int64) int64 {
	switch {
	case size <= 2<<20:
		return 12
	case size <= 32<<20:
		return 16
	}
	return 32
}

// clustersIn is a lower bound of the clusters in a file system of size bytes:
// the tables are counted as if every sector were a cluster.
func clustersIn(size int64) int64 {
	sectors, bits := size/clusterSize, Bits(size)
	reserved := int64(1 + rootEntries*entrySize/clusterSize)
	if bits == 32 {
		reserved = 32 // its root directory is made of clusters
	}
	table := ((sectors+2)*bits/8 + clusterSize) / clusterSize
	return max(0, sectors-reserved-2*table)
}

// Need is an upper bound of what a tree takes.
type Need struct {
	clusters int64
	root     int64 // entries in the root directory
	largest  int64 // entries in any other directory
}

// Measure checks that a tree is one that a FAT can hold, and says what it takes.
func Measure(t tree.Tree) (Need, error) {
	if err := checkTree(t); err != nil {
		return Need{}, err
	}
	n := count(t)
	if n.largest > dirEntries {
		return n, badinput.New("vfat").Got("a directory of %d entries", n.largest).Want("at most %d", dirEntries)
	}
	return n, nil
}

// count counts every file and directory in clusters, and every name as a long
// one, which takes an entry for 13 characters and one more.
func count(t tree.Tree) Need {
	var n Need
	entries := map[string]int64{".": 1} // the label
	for _, e := range t {
		if e.Path == "." {
			continue
		}
		long := int64(len(utf16.Encode([]rune(path.Base(e.Path)))))
		entries[path.Dir(e.Path)] += 1 + (long+12)/13
		if e.Mode.IsDir() {
			entries[e.Path] += 2 // . and ..
		} else {
			n.clusters += (e.Size + clusterSize - 1) / clusterSize
		}
	}
	for dir, count := range entries {
		n.clusters += (count*entrySize + clusterSize - 1) / clusterSize
		if dir != "." {
			n.largest = max(n.largest, count)
		}
	}
	n.root = entries["."]
	return n
}

// Least is the size in bytes that holds it. A table that grows by a sector can take
// one cluster back as the partition is rounded up, so there is one to spare.
func (n Need) Least() int64 {
	size := n.clusters * clusterSize
	for {
		missing := n.clusters + 2 - clustersIn(size)
		if missing <= 0 {
			return size
		}
		size += missing * clusterSize
	}
}

// Free is what is left over, in bytes, in a partition of size bytes.
func (n Need) Free(size int64) (int64, error) {
	if size > maxSize {
		return 0, badinput.New("vfat").Got("%d bytes", size).Want("at most %d", int64(maxSize))
	}
	if Bits(size) < 32 && n.root > rootEntries {
		return 0, badinput.New("vfat").Got("%d entries in the root directory", n.root).Want("at most %d", rootEntries).
			Fix("put the files into a directory, or make the partition larger than 32 MiB")
	}
	left := clustersIn(size) - n.clusters
	if left < 0 {
		return 0, badinput.New("size").Got("%d bytes", size).Want("%d more for the files", -left*clusterSize)
	}
	return left * clusterSize, nil
}
