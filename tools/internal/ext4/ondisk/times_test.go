package ondisk_test

import (
	"testing"
	"time"

	"shimboot/tools/internal/ext4/ondisk"
)

// TestTimes takes times there and back, over the whole range.
func TestTimes(t *testing.T) {
	for _, want := range []time.Time{
		time.Unix(0, 0), time.Unix(-1, 999999999), time.Unix(1<<31-1, 1), time.Unix(1<<31, 2), time.Unix(1<<32, 3),
		time.Unix(-1<<31, 0), time.Unix(1<<34-1<<31-1, 5),
	} {
		if got := ondisk.DecodeTime(ondisk.EncodeTime(want)); !got.Equal(want) {
			t.Errorf("%v came back as %v", want.UTC(), got)
		}
	}
}
