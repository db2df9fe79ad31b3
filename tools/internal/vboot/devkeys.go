package vboot

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
)

// SHA1 names a key as vboot's tools do, in hex.
func (k *Key) SHA1() string {
	sum := sha1.Sum(k.Raw)
	return hex.EncodeToString(sum[:])
}

// Developer is the name of k among vboot's developer keys, "" where it is none
// of those that kernels are signed with. Their private halves are public
// (tests/devkeys in vboot_reference): anybody can sign with them, and no
// Chromebook as sold trusts them.
func (k *Key) Developer() string {
	return map[string]string{
		"b11d74edd286c144e1135b49e7f0bc20cf041f10": "root_key",
		"c14bd720b70d97394257e3e826bd8f43de48d4ed": "recovery_key",
		"5d2b220899c4403d564092ada3f12d3cc4483223": "kernel_subkey",
		"d6170aa480136f1f29cf339a5ab1b960585fa444": "kernel_data_key",
		"e78ce746a037837155388a1096212ded04fb86eb": "recovery_kernel_data_key", // and installer_kernel_data_key
		"65441886bc54cbfe3a7308b650806f4b61d8d142": "minios_kernel_data_key",
	}[k.SHA1()]
}

func (k *Key) String() string {
	s := fmt.Sprintf("%v, key %s", k.Algorithm, k.SHA1())
	if name := k.Developer(); name != "" {
		s += " (vboot's developer key " + name + ")"
	}
	return s
}
