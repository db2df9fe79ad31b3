package harvest

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
	Recovery      bool   `json:"recovery"` // a recovery image was given

	// BuiltInFirmwareKnown is false for kernels before 5.2, which do not say
	// what their built-in drivers ask for.
	BuiltInFirmwareKnown bool   `json:"builtInFirmwareKnown"`
	Totals               Totals `json:"totals"`

	Modules   []Module   `json:"modules"`
	BuiltIn   []string   `json:"builtIn"` // modules inside the kernel, as in modules.builtin
	Firmware  []Firmware `json:"firmware"`
	Dropped   []Dropped  `json:"droppedFirmware"`
	Missing   []Missing  `json:"missing"`
	Dangling  []Dangling `json:"danglingLinks"`
	Modprobe  []File     `json:"modprobe"`
	Conflicts []Conflict `json:"conflicts"`
	Skipped   []Skipped  `json:"skipped"`
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
	// BecauseOf has names of modules, "keep: GLOB", "companion of NAME", "all".
	BecauseOf []string `json:"becauseOf"`
}

// Dropped is a firmware file of an image that is not in the output.
type Dropped struct {
	Path   string `json:"path"`
	Origin Origin `json:"origin"`
	Size   int64  `json:"size"`
	Target string `json:"target,omitempty"` // for a link
	Reason string `json:"reason"`           // "not asked for" or "recovery has its own"
}

// Missing is firmware that is asked for and not in the output.
type Missing struct {
	Name    string   `json:"name"` // or pattern
	AskedBy []string `json:"askedBy"`
	Reason  string   `json:"reason"`
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
