package image

import (
	"strings"
	"unicode/utf16"

	"shimboot/tools/internal/badinput"
	"shimboot/tools/internal/gpt"
)

// partitionType gives the GUID of a type's name, or of a GUID.
func partitionType(name string) (string, error) {
	if guid, ok := gpt.ParseType(name); ok {
		return guid, nil
	}
	return "", badinput.New("type").Got("%q", name).Want("%s or a GUID", strings.Join(gpt.TypeNames(), ", "))
}

// is tells whether the partition has the type of that GUID.
func (ps *PartitionSpec) is(guid string) bool {
	typ, ok := gpt.ParseType(ps.Type)
	return ok && typ == guid
}

// checkSpec checks what concerns the partitions as a whole.
func checkSpec(s *Spec) error {
	if n := len(s.Partitions); n == 0 || n > 128 {
		return badinput.New("spec").Got("%d partitions", n).Want("1 to 128")
	}
	seen := map[string]bool{}
	for i := range s.Partitions {
		ps := &s.Partitions[i]
		if seen[ps.Name] || ps.Name == "" || len(utf16.Encode([]rune(ps.Name))) > 36 {
			return badinput.New("name of partition %d", i+1).Got("%q", ps.Name).
				Want("1 to 36 characters that no other partition has")
		}
		seen[ps.Name] = true
		if err := checkKernel(s, i); err != nil {
			return err
		}
	}
	return nil
}

// checkKernel checks what concerns a kernel only.
func checkKernel(s *Spec, i int) error {
	ps := &s.Partitions[i]
	if ps.Priority < 0 || ps.Priority > 15 || ps.Tries < 0 || ps.Tries > 15 {
		return badinput.New("partition %s", ps.Name).Got("priority %d, tries %d", ps.Priority, ps.Tries).Want("0 to 15")
	}
	if !ps.is(gpt.TypeKernel) {
		if ps.Priority != 0 || ps.Tries != 0 || ps.Successful {
			return badinput.New("partition %s", ps.Name).Got("kernel attributes on a %s", ps.Type).
				Want("them on a chromeos-kernel")
		}
		return nil
	}
	if i+1 == len(s.Partitions) || !s.Partitions[i+1].is(gpt.TypeRootfs) {
		return badinput.New("partition %s", ps.Name).Got("a kernel without a root after it").
			Want("a chromeos-rootfs as the next partition, where root=PARTNROFF=1 looks").
			Fix("put ROOT-A right behind it in the spec: numbers are counted in its order")
	}
	return nil
}
