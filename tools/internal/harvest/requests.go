package harvest

import (
	"maps"
	"slices"

	"shimboot/tools/internal/harvest/report"
)

// requests is what drivers ask for.
type requests struct {
	by      map[string]map[string]bool // names of firmware, who asks
	present map[string]bool            // modules, built in or not
}

func newRequests() *requests {
	return &requests{by: map[string]map[string]bool{}, present: map[string]bool{}}
}

// module adds a module and the names in its firmware= entries.
func (r *requests) module(name string, firmware []string) {
	r.present[name] = true
	for _, f := range firmware {
		if r.by[f] == nil {
			r.by[f] = map[string]bool{}
		}
		r.by[f][name] = true
	}
}

// reasons are those of a name, sorted.
func (r *requests) reasons(name string) []report.Reason {
	var list []report.Reason
	for _, module := range slices.Sorted(maps.Keys(r.by[name])) {
		list = append(list, report.Reason{Kind: report.Requested, Of: module})
	}
	return list
}

// addUnsaid adds what drivers ask for without saying so in firmware=.
//
// cfg80211 loads the regulatory database under a fixed name and checks its
// signature (net/wireless/reg.c: load_builtin_regdb_keys, regdb_fw_cb). The
// signature comes along as a companion.
func (r *requests) addUnsaid() {
	if r.present["cfg80211"] {
		r.module("cfg80211", []string{"regulatory.db"})
	}
}
