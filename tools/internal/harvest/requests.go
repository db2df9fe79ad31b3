package harvest

import (
	"maps"
	"slices"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/harvest/report"
)

// requests is what drivers ask for.
type requests struct {
	by      map[string]map[string]bool // names of firmware, who asks
	present map[string]bool            // modules, built in or not
	count   int                        // of names in both
}

// maxRequests bounds the names that drivers ask for, each time that one does,
// and those of the drivers. All of Linux has some thousands.
const maxRequests = 1 << 17

func newRequests() *requests {
	return &requests{by: map[string]map[string]bool{}, present: map[string]bool{}}
}

// module adds a module and the names in its firmware= entries.
func (r *requests) module(name string, firmware []string) error {
	if r.count += 1 + len(firmware); r.count > maxRequests {
		return badinput.New("drivers").Got("more than %d that ask for firmware, or names that they ask for", maxRequests).Want("at most that")
	}
	r.present[name] = true
	for _, f := range firmware {
		if r.by[f] == nil {
			r.by[f] = map[string]bool{}
		}
		r.by[f][name] = true
	}
	return nil
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
func (r *requests) addUnsaid() error {
	if r.present["cfg80211"] {
		return r.module("cfg80211", []string{"regulatory.db"})
	}
	return nil
}
