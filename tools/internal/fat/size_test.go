package fat

import "testing"

// The bound is one: mkfs.fat makes at least the clusters that are planned, and
// a partition of the least size, rounded up to MiB, holds what it was made for.
func TestFATSizes(t *testing.T) {
	for clusters := int64(0); clusters < 140_000; clusters += 7 {
		n := Need{clusters: clusters}
		size := (max(n.Least(), 1) + 1<<20 - 1) &^ (1<<20 - 1) // whole MiB
		if left, err := n.Free(size); err != nil || left < 0 {
			t.Fatalf("%d clusters in %d bytes: %d left, %v", clusters, size, left, err)
		}
	}
	// What fsck.fat -v says of file systems by mkfs.fat 4.2.
	for mib, real := range map[int64]int64{1: 2003, 2: 4039, 3: 6063, 32: 64995, 33: 66512, 600: 1209816} {
		if got := clustersIn(mib << 20); got > real || got < real-real/100 {
			t.Errorf("%d MiB: %d clusters, mkfs.fat makes %d", mib, got, real)
		}
	}
}
