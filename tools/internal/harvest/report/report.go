// Package report has what driver-harvest says of a harvest: drivers.json, and
// the same for people.
//
//	r := report.New(report.Needed, report.Words{Keep: "--keep", All: "--firmware all", Upstream: "--linux-firmware DIR"})
//	r.Modules = append(r.Modules, report.Module{…})
//	r.Finish() // sorts, sums up
//	err := jsondoc.Write(file, r)
//	fmt.Print(r.Text(10))
package report

// FirmwareDir is where firmware is in an image and in the output.
const FirmwareDir = "lib/firmware"

// Origin says which image a file comes from.
type Origin string

// The two images.
const (
	Shim     Origin = "shim"
	Recovery Origin = "recovery"
)

// Mode says which firmware is kept.
type Mode string

// The modes.
const (
	Needed Mode = "needed" // what the modules and built-in drivers ask for
	All    Mode = "all"
)

// SchemaVersion of drivers.json, counted up when a field changes its meaning.
const SchemaVersion = 1

// Report is drivers.json. Path is always below the output directory, Source
// always an absolute path in the image of Origin, with no link in it. Lists
// are sorted by path or name and never null.
//
// It does not name the images: in a Nix store that would make them, gigabytes
// each, dependencies of the drivers.
type Report struct {
	SchemaVersion int    `json:"schemaVersion"`
	KernelRelease string `json:"kernelRelease"` // as in uname -r
	Arch          string `json:"arch"`          // as in uname -m; empty where there is no module to tell
	FirmwareMode  Mode   `json:"firmwareMode"`
	Upstream      bool   `json:"upstream"` // a tree of linux-firmware was given, so Missing.Upstream is known
	Recovery      bool   `json:"recovery"` // a recovery image was given

	// BuiltInFirmwareKnown is false for kernels before 5.2, which do not say
	// what their built-in drivers ask for.
	BuiltInFirmwareKnown bool   `json:"builtInFirmwareKnown"`
	Totals               Totals `json:"totals"`

	Subsystems   []Subsystem   `json:"subsystems"`
	Modules      []Module      `json:"modules"`
	BuiltIn      []string      `json:"builtIn"` // modules inside the kernel, as in modules.builtin
	Firmware     []Firmware    `json:"firmware"`
	Dropped      []Dropped     `json:"droppedFirmware"`
	Missing      []Missing     `json:"missing"`
	RuntimeNames []RuntimeName `json:"runtimeNames"`
	Dangling     []Dangling    `json:"danglingLinks"`
	Duplicates   []Duplicate   `json:"duplicates"`
	Modprobe     []File        `json:"modprobe"`
	Conflicts    []Conflict    `json:"conflicts"`
	Skipped      []Skipped     `json:"skipped"`

	words Words
}

// Words are how the reader of a report can ask for something else, such as the
// flags of the tool that made it.
type Words struct {
	Keep     string // what keeps firmware by a glob that comes behind it
	All      string // what keeps all firmware
	Upstream string // what has missing firmware looked up in a tree of linux-firmware
}

// Totals are the sums of the lists.
type Totals struct {
	Modules       int   `json:"modules"`
	ModuleBytes   int64 `json:"moduleBytes"`
	Firmware      int   `json:"firmware"` // without links
	FirmwareLinks int   `json:"firmwareLinks"`
	FirmwareBytes int64 `json:"firmwareBytes"`
	Dropped       int   `json:"droppedFirmware"`
	DroppedBytes  int64 `json:"droppedFirmwareBytes"`
	// DuplicateBytes are those of all but the first of the same content.
	DuplicateBytes int64 `json:"duplicateBytes"`
}

// File is a file in the output.
type File struct {
	Path   string `json:"path"`
	Origin Origin `json:"origin"`
	Source string `json:"source"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256,omitempty"`
}

// Module is a kernel module.
type Module struct {
	Name string `json:"name"` // as lsmod has it
	File
	Firmware []string `json:"firmware,omitempty"` // as modinfo -F firmware has it
}

// Firmware is a file, or a link within lib/firmware.
type Firmware struct {
	File
	// Target is set for a link, which has no size and hash of its own.
	Target string `json:"target,omitempty"`
	// ReplacedLink is the target of a link that led out of lib/firmware, in
	// whose place there is now the content.
	ReplacedLink string `json:"replacedLink,omitempty"`
	// Unpacked is the compression that the image had it in.
	Unpacked string `json:"unpacked,omitempty"`
	// BecauseOf is sorted by the reasons' texts: names of modules that say the
	// name, "run time: MODULE" for those that make it while they run, "keep:
	// GLOB", "companion of NAME", "in place of NAME" and "all".
	BecauseOf []Reason `json:"becauseOf"`
}

// Dropped is a firmware file of an image that is not in the output.
type Dropped struct {
	Path   string `json:"path"`
	Origin Origin `json:"origin"`
	Size   int64  `json:"size"`
	Target string `json:"target,omitempty"` // for a link
	Reason string `json:"reason"`           // "not asked for", "recovery has its own", "updates/… comes first"
}

// Missing is firmware that is asked for and not in the output.
type Missing struct {
	Name    string   `json:"name"` // or pattern
	AskedBy []Reason `json:"askedBy"`
	Reason  string   `json:"reason"`
	// Instead is the older file that is there for the driver to take.
	Instead string `json:"instead,omitempty"`
	// Upstream is the file that it would be in the tree of linux-firmware that
	// was given, where that has one.
	Upstream string `json:"upstream,omitempty"`
}

// RuntimeName is a driver that makes names of firmware while it runs, with
// what was kept for it.
type RuntimeName struct {
	Module string   `json:"module"`
	Globs  []string `json:"globs"`  // that the names match
	Why    string   `json:"why"`    // what the names are made of
	Source string   `json:"source"` // where the kernel does it
	Files  int      `json:"files"`  // that matched
}

// Duplicate is content that the output has more than once.
type Duplicate struct {
	SHA256 string   `json:"sha256"`
	Size   int64    `json:"size"` // of each
	Paths  []string `json:"paths"`
}

// Subsystem sums up a part of the kernel's source, such as
// "drivers/net/wireless". A firmware file counts where the first of those that
// it is kept for belongs.
type Subsystem struct {
	Name          string `json:"name"`
	Modules       int    `json:"modules"`
	ModuleBytes   int64  `json:"moduleBytes"`
	Firmware      int    `json:"firmware"` // without links
	FirmwareBytes int64  `json:"firmwareBytes"`
	Missing       int    `json:"missing"` // names, without those that have an older file
}

// Dangling is a link that leads nowhere in its image.
type Dangling struct {
	Path   string `json:"path"`
	Origin Origin `json:"origin"`
	Target string `json:"target"`
}

// Conflict is two files of one name with different content.
type Conflict struct {
	Path    string `json:"path"`
	Kept    File   `json:"kept"`
	Dropped File   `json:"dropped"`
}

// Skipped is a file of the images that is no part of a driver.
type Skipped struct {
	Source string `json:"source"`
	Origin Origin `json:"origin"`
	Reason string `json:"reason"`
}
