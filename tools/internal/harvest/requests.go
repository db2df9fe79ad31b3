package harvest

// asks is what drivers ask for.
type asks struct {
	by      map[string]map[string]bool // names of firmware, who asks
	present map[string]bool            // modules, built in or not
}

func newAsks() *asks {
	return &asks{by: map[string]map[string]bool{}, present: map[string]bool{}}
}

// module adds a module and the names in its firmware= entries.
func (a *asks) module(name string, firmware []string) {
	a.present[name] = true
	for _, f := range firmware {
		if a.by[f] == nil {
			a.by[f] = map[string]bool{}
		}
		a.by[f][name] = true
	}
}

// addUnsaid adds what drivers ask for without saying so in firmware=.
//
// cfg80211 loads the regulatory database under a fixed name and checks its
// signature (net/wireless/reg.c: load_builtin_regdb_keys, regdb_fw_cb). The
// signature comes along as a companion.
func (a *asks) addUnsaid() {
	if a.present["cfg80211"] {
		a.module("cfg80211", []string{"regulatory.db"})
	}
}
