package command

import (
	"os"
	"strconv"
	"time"
)

// defaultEpoch is 1980, before which neither FAT nor zip has a time. nixpkgs
// takes the same.
const defaultEpoch = 315532800

// SourceDateEpoch is the time that outputs carry: $SOURCE_DATE_EPOCH, seconds
// since 1970, or the start of 1980 where it is not set.
func SourceDateEpoch() (time.Time, error) {
	s := os.Getenv("SOURCE_DATE_EPOCH")
	if s == "" {
		return time.Unix(defaultEpoch, 0).UTC(), nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, Usage("SOURCE_DATE_EPOCH=%q: want seconds since 1970", s)
	}
	return time.Unix(n, 0).UTC(), nil
}
