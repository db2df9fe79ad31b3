package report

import (
	"encoding/json"
	"testing"
)

// The texts are those of drivers.json, which others read.
func TestReasons(t *testing.T) {
	for text, want := range map[string]Reason{
		"iwlwifi": {Requested, "iwlwifi"}, "run time: btusb": {AtRuntime, "btusb"}, "keep: brcm/*.txt": {ByHand, "brcm/*.txt"},
		"companion of regulatory.db": {Companion, "regulatory.db"}, "in place of iwlwifi-9.ucode": {Fallback, "iwlwifi-9.ucode"},
		"all": {Everything, ""},
	} {
		var got Reason
		if err := json.Unmarshal([]byte(`"`+text+`"`), &got); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
		if d, err := json.Marshal(want); err != nil || string(d) != `"`+text+`"` {
			t.Errorf("%+v: %s, %v; want %q", want, d, err, text)
		}
	}
	for _, text := range []string{"", "keep: ", "companion of "} {
		if err := new(Reason).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken for a reason", text)
		}
	}
}

func TestDriverOfAReason(t *testing.T) {
	for reason, want := range map[Reason]string{
		{Requested, "a"}: "a", {AtRuntime, "b"}: "b", {Fallback, "iwlwifi-9.ucode"}: "iwlwifi",
		{ByHand, "*"}: "", {Companion, "x"}: "", {Everything, ""}: "",
	} {
		if got := reason.Driver(); got != want {
			t.Errorf("%v: %q, want %q", reason, got, want)
		}
	}
}
