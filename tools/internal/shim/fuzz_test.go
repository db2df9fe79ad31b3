package shim_test

import (
	"testing"

	"shimboot/tools/internal/shim"
)

// FuzzReadScripts: what a script says is in it.
func FuzzReadScripts(f *testing.F) {
	f.Add("mount -t tmpfs tmpfs /newroot -o size=640M\nexec switch_root /newroot /sbin/init")
	f.Add("SIZE=1024M\nmount -n -t tmpfs tmpfs \"$ROOT\" \\\n -o size=${SIZE}\nswitch_root")
	f.Add("dmsetup -v \\\n create -r vroot\n")
	f.Fuzz(func(t *testing.T, script string) {
		scripts, err := shim.ReadScripts(entries(map[string]string{"lib/a.sh": script}))
		if err != nil {
			t.Fatal(err)
		}
		if scripts.RootTmpfsBytes < 0 || scripts.UsesVerity != (scripts.VerityEvidence != "") || scripts.UsesVerity != (scripts.VerityScript != "") {
			t.Errorf("%+v", scripts)
		}
	})
}
