package harvest

import (
	"fmt"
	"strconv"
	"strings"

	"shimboot/tools/internal/harvest/report"
)

// companions keeps what belongs to a file: a detached signature, and for the
// header of a split image its segments, whose names drivers/soc/qcom/mdt_loader.c
// makes: x.mdt has x.b00, x.b01, …
func (c *choice) companions(name string) {
	who := report.Reason{Kind: report.Companion, Of: name}
	links, at, n := c.tree.find(name + ".p7s")
	if n != nil && n.kind == fileNode {
		c.keep(links, at, who)
	}
	if stem, ok := strings.CutSuffix(name, ".mdt"); ok {
		for i := range 100 {
			segment := fmt.Sprintf("%s.b%02d", stem, i)
			if links, at, n := c.tree.find(segment); n != nil && n.kind == fileNode {
				c.keep(links, at, who)
			}
		}
	}
}

// fallback keeps what iwlwifi takes in place of a name-N.ucode that is nowhere: it
// counts N down until there is a file (drivers/net/wireless/intel/iwlwifi/iwl-drv.c:
// iwl_request_firmware). Where it stops counting, modules do not say, so the
// file may be too old for it.
func (c *choice) fallback(name string) string {
	stem, number, ok := cutLast(strings.TrimSuffix(name, ".ucode"), "-")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n > 999 || !strings.HasPrefix(name, "iwlwifi-") || !strings.HasSuffix(name, ".ucode") {
		return ""
	}
	for n--; n > 0; n-- {
		lower := fmt.Sprintf("%s-%d.ucode", stem, n)
		if links, at, found := c.tree.find(lower); found != nil && found.kind == fileNode {
			c.keep(links, at, report.Reason{Kind: report.Fallback, Of: name})
			return lower
		}
	}
	return ""
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
