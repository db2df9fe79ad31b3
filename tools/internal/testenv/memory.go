package testenv

import (
	"os"
	"regexp"
	"runtime/metrics"
	"strconv"
	"testing"
)

const (
	// spare is what hostile input may cost beyond the output that the caller
	// allows: the 128 MiB window of a kernel's zstd, twice.
	spare = 256 << 20
	// engine is what the process of a test has besides, coverage included.
	engine = 96 << 20
)

// Bounded calls do, which may give output bytes, and fails the test if it took
// much more memory than that.
//
// What do allocates in all bounds what it holds, and is cheap to know. Where
// that is too much, the most memory that the process ever had decides. That
// nothing is allocated that kills the process is for nix/tests/fuzz to see.
func Bounded(t testing.TB, output int64, do func()) {
	t.Helper()
	before := allocated()
	do()
	if got := allocated() - before; got > uint64(spare+output) {
		if peak := peakMemory(t); peak > (spare+output)*detector+engine {
			t.Errorf("%d MiB allocated for %d bytes of output, %d MiB at once", got>>20, output, peak>>20)
		}
	}
}

func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// peakMemory is the largest resident set of this process, in bytes.
func peakMemory(t testing.TB) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`).FindSubmatch(status)
	if m == nil {
		t.Fatal("no VmHWM in /proc/self/status")
	}
	kib, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}
