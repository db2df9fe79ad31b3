package gpt

import (
	"encoding/binary"
	"fmt"
	"io"

	"shimboot/tools/internal/badinput"
)

// mask is an image of which some sectors read as zeros.
type mask struct {
	io.ReaderAt
	hidden []int64 // sectors
}

func (m *mask) ReadAt(p []byte, off int64) (int, error) {
	n, err := m.ReaderAt.ReadAt(p, off)
	for _, sector := range m.hidden {
		from, to := sector*SectorSize-off, (sector+1)*SectorSize-off
		if from < int64(n) && to > 0 {
			clear(p[max(from, 0):min(to, int64(n))])
		}
	}
	return n, err
}

// hideMisshapen hides each header, primary or backup, whose entries are not
// as many and as large as firmware demands, and gives the first as an error to
// report if no table is left. go-diskfs allocates what a header asks for
// before it checks anything, and would not turn to the backup for it.
func hideMisshapen(r io.ReaderAt, size int64) (*mask, *badinput.Error, error) {
	m := &mask{ReaderAt: r}
	var bad *badinput.Error
	for _, sector := range []int64{1, size/SectorSize - 1} {
		h := make([]byte, SectorSize)
		if _, err := r.ReadAt(h, sector*SectorSize); err != nil && err != io.EOF {
			return nil, nil, fmt.Errorf("reading the partition table at sector %d: %w", sector, err)
		}
		count := binary.LittleEndian.Uint32(h[hdrEntryCount:])
		length := binary.LittleEndian.Uint32(h[hdrEntrySize:])
		if string(h[:8]) != signature || count == entryCount && length == entrySize {
			continue
		}
		m.hidden = append(m.hidden, sector)
		if bad == nil {
			bad = badinput.New("GPT entries").At(sector*SectorSize+hdrEntryCount).
				Got("%d of %d bytes", count, length).Want("%d of %d bytes", entryCount, entrySize).
				Fix("the input is no disk of ChromeOS, or it is damaged")
		}
	}
	return m, bad, nil
}
