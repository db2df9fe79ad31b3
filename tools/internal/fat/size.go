package image

import (
	"path"
	"unicode/utf16"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/tree"
)

// The layout that mkfs.fat -s 1 -S 512 makes: clusters of one sector, two
// tables, on FAT12 and FAT16 a root directory of fixed size.
const (
	fatCluster     = 512
	fatEntry       = 32      // bytes of a directory entry
	fatRootEntries = 512     // of FAT12 and FAT16
	fatDirEntries  = 1 << 16 // of any other directory
	fatMax         = 1 << 37 // a FAT32's 2^28 clusters; above that, no cluster has a number
)

// fatBits is the width of a table's entries. Partitions are whole MiB, and at
// each of these sizes the number of clusters is one that defines the type: up
// to 4084 a FAT12, from 65525 on a FAT32, by which readers tell them apart.
func fatBits(size int64) int64 {
	switch {
	case size <= 2<<20:
		return 12
	case size <= 32<<20:
		return 16
	}
	return 32
}

// fatClusters is a lower bound of the clusters in a file system of size
// bytes: the tables are counted as if every sector were a cluster.
func fatClusters(size int64) int64 {
	sectors, bits := size/fatCluster, fatBits(size)
	reserved := int64(1 + fatRootEntries*fatEntry/fatCluster)
	if bits == 32 {
		reserved = 32 // its root directory is made of clusters
	}
	table := ((sectors+2)*bits/8 + fatCluster) / fatCluster
	return max(0, sectors-reserved-2*table)
}

// fatNeed is an upper bound of what a tree takes.
type fatNeed struct {
	clusters int64
	root     int64 // entries in the root directory
	largest  int64 // entries in any other directory
}

// fatNeeds counts every file and directory in clusters, and every name as a
// long one, which takes an entry for 13 characters and one more.
func fatNeeds(t tree.Tree) fatNeed {
	var n fatNeed
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
			n.clusters += (e.Size + fatCluster - 1) / fatCluster
		}
	}
	for dir, count := range entries {
		n.clusters += (count*fatEntry + fatCluster - 1) / fatCluster
		if dir != "." {
			n.largest = max(n.largest, count)
		}
	}
	n.root = entries["."]
	return n
}

// least is the size that holds it. A table that grows by a sector can take
// one cluster back as the partition is rounded up, so there is one to spare.
func (n fatNeed) least() int64 {
	size := n.clusters * fatCluster
	for {
		missing := n.clusters + 2 - fatClusters(size)
		if missing <= 0 {
			return size
		}
		size += missing * fatCluster
	}
}

func (n fatNeed) check() error {
	if n.largest > fatDirEntries {
		return badinput.New("vfat").Got("a directory of %d entries", n.largest).Want("at most %d", fatDirEntries)
	}
	return nil
}

// free is what is left over in a partition of size bytes.
func (n fatNeed) free(size int64) (int64, error) {
	if size > fatMax {
		return 0, badinput.New("vfat").Got("%d bytes", size).Want("at most %d", int64(fatMax))
	}
	if fatBits(size) < 32 && n.root > fatRootEntries {
		return 0, badinput.New("vfat").Got("%d entries in the root directory", n.root).Want("at most %d", fatRootEntries).
			Fix("put the files into a directory, or make the partition larger than 32 MiB")
	}
	left := fatClusters(size) - n.clusters
	if left < 0 {
		return 0, badinput.New("size").Got("%d bytes", size).Want("%d more for the files", -left*fatCluster)
	}
	return left * fatCluster, nil
}
