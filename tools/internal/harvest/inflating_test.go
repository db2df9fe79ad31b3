package harvest

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/report"
	"shimboot/tools/internal/testenv"
	"shimboot/tools/internal/testenv/hostile"
)

// Zeros that few bytes inflate to take no room, and more than firmware can be is
// refused.
func TestFirmwareThatInflates(t *testing.T) {
	testenv.Need(t, "depmod")
	_, dir := mustHarvest(t, Options{Shim: fw(files{"a.bin.zst": blob(hostile.Zstd(t, []byte("start"), 0, 64))}), Firmware: report.All})
	var s syscall.Stat_t
	if err := syscall.Stat(filepath.Join(dir, report.FirmwareDir, "a.bin"), &s); err != nil {
		t.Fatal(err)
	}
	if want := int64(5 + 64<<20); s.Size != want || s.Blocks*512 > 1<<20 {
		t.Errorf("%d bytes, %d on disk, want %d that are mostly holes", s.Size, s.Blocks*512, want)
	}
	_, _, err := harvestTo(t, Options{Shim: fw(files{"a.bin.zst": blob(hostile.Zstd(t, nil, 0, 257))}), Firmware: report.All})
	if !badinput.Is(err) || !strings.Contains(err.Error(), "more than 268435456 bytes") {
		t.Errorf("%v, want that it is too large", err)
	}
}
