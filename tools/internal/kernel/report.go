package kernel

import (
	"fmt"

	"shimboot/tools/internal/compress"
	"shimboot/tools/internal/shim"
	"shimboot/tools/internal/traits"
	"shimboot/tools/internal/vboot"
)

// SchemaVersion of the report, counted up when a field changes its meaning.
const SchemaVersion = 1

// Report is kernel.json.
type Report struct {
	SchemaVersion  int             `json:"schemaVersion"`
	Arch           string          `json:"arch"`            // as in uname -m
	KernelRelease  string          `json:"kernelRelease"`   // as in uname -r
	Board          string          `json:"board,omitempty"` // by the initramfs
	KernelBanner   string          `json:"kernelBanner"`
	Cmdline        string          `json:"cmdline"`
	Vboot          VbootReport     `json:"vboot"`
	Payload        Layer           `json:"payload"`       // the kernel; offset in the body
	Initramfs      InitramfsReport `json:"initramfs"`     // offset in the uncompressed kernel
	FIT            *FITReport      `json:"fit,omitempty"` // ARM64 only
	VerityEnforced bool            `json:"verityEnforced"`
	VerityEvidence string          `json:"verityEvidence,omitempty"`
	// RootTmpfsBytes bounds the content of ROOT-A, 0 where it is not known.
	RootTmpfsBytes int64 `json:"rootTmpfsBytes"`
	// BusyboxApplets are what the initramfs' busybox can be called as.
	BusyboxApplets []string `json:"busyboxApplets,omitempty"`
	// Config is the kernel's .config; offset in the uncompressed kernel, or in
	// ConfigFile.
	Config *Layer `json:"config,omitempty"`
	// ConfigFile is the module of ROOT-A that the .config is from.
	ConfigFile string `json:"configFile,omitempty"`
	// ConfigFault is what is wrong with one that cannot be read.
	ConfigFault string `json:"configFault,omitempty"`
	// Rules are what the kernel refuses, Abilities what it has.
	Rules     traits.Rules     `json:"rules"`
	Abilities traits.Abilities `json:"abilities"`
	// Bootable says what stands against using the kernel as a shim's.
	Bootable shim.Verdict `json:"bootable"`
	// Outputs is by file name, filled by extract.
	Outputs map[string]Output `json:"outputs,omitempty"`
}

// VbootReport is what the signed structures say.
type VbootReport struct {
	KeyblockVersion string `json:"keyblockVersion"`
	KeyblockSize    uint32 `json:"keyblockSize"`
	KeyblockFlags   string `json:"keyblockFlags"`
	KeyblockMeaning string `json:"keyblockMeaning"` // of the flags, for people
	DataKey         string `json:"dataKey"`
	DataKeySHA1     string `json:"dataKeySha1"`
	DeveloperKey    string `json:"developerKey,omitempty"` // its name, if it is one of vboot's
	PreambleVersion string `json:"preambleVersion"`
	PreambleSize    uint32 `json:"preambleSize"`
	KernelVersion   uint32 `json:"kernelVersion"`
	BodyOffset      int64  `json:"bodyOffset"`
	BodySize        int64  `json:"bodySize"`
	LoadAddress     uint64 `json:"loadAddress"`
}

// InitramfsReport is the built-in archive.
type InitramfsReport struct {
	Layer
	Entries int  `json:"entries"`
	Default bool `json:"default"` // Kbuild's own, with nothing to run
	HasInit bool `json:"hasInit"`
}

// Output is one file that extract wrote.
type Output struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// facts are what k is judged by.
func (k *Kernel) facts(rules traits.Rules) shim.Facts {
	f := shim.Facts{
		Flags: k.Blob.Keyblock.Flags, Cmdline: k.Blob.Cmdline(),
		DefaultInitramfs: k.Initramfs.Default(), HasInit: k.Initramfs.HasInit(), Scripts: k.Scripts,
	}
	if rules.ExecShmem.Answer == traits.Yes {
		f.ExecShmemEvidence = rules.ExecShmem.Evidence
	}
	return f
}

// Report sums up k.
func (k *Kernel) Report() *Report {
	about := k.Traits()
	facts := k.facts(about.Rules)
	r := &Report{
		SchemaVersion: SchemaVersion,
		Arch:          k.Arch, KernelRelease: k.Release, KernelBanner: k.Banner,
		Board: k.Board, Cmdline: facts.Cmdline,
		Vboot:   vbootReport(k.Blob),
		Payload: k.Payload,
		Initramfs: InitramfsReport{
			Layer:   Layer{k.Initramfs.Compression, k.Initramfs.Offset, k.Initramfs.Size, int64(len(k.Initramfs.Cpio))},
			Entries: len(k.Initramfs.Entries),
			Default: facts.DefaultInitramfs,
			HasInit: facts.HasInit,
		},
		FIT:            k.fitReport(),
		VerityEnforced: facts.VerityEnforced(),
		VerityEvidence: k.Scripts.VerityEvidence,
		RootTmpfsBytes: k.Scripts.RootTmpfsBytes,
		ConfigFile:     k.ConfigFile,
		Rules:          about.Rules,
		Abilities:      about.Abilities,
		Bootable:       shim.Judge(facts),
	}
	if k.Busybox != nil {
		r.BusyboxApplets = k.Busybox.Applets
	}
	if k.ConfigFault != nil {
		r.ConfigFault = k.ConfigFault.Error()
	}
	if c := k.Config; c != nil {
		r.Config = &Layer{compress.Gzip, c.Offset, c.Size, int64(len(c.Text))}
	}
	return r
}

func vbootReport(b *vboot.Blob) VbootReport {
	kb, p := &b.Keyblock, &b.Preamble
	return VbootReport{
		KeyblockVersion: fmt.Sprintf("%d.%d", kb.Major, kb.Minor),
		KeyblockSize:    kb.Size,
		KeyblockFlags:   kb.Flags.String(),
		KeyblockMeaning: kb.Flags.Meaning(),
		DataKey:         kb.DataKey.Algorithm.String(),
		DataKeySHA1:     kb.DataKey.SHA1(),
		DeveloperKey:    kb.DataKey.Developer(),
		PreambleVersion: fmt.Sprintf("%d.%d", p.Major, p.Minor),
		PreambleSize:    p.Size,
		KernelVersion:   p.KernelVersion,
		BodyOffset:      b.BodyOffset(),
		BodySize:        b.BodySize(),
		LoadAddress:     p.BodyLoadAddress,
	}
}
