package ext4

// Limits against hostile images.
const (
	maxReadFile     = 256 << 20 // bytes ReadFile returns at most
	maxDirBytes     = 64 << 20  // bytes of one directory
	maxDirNames     = 512 << 10 // names in one directory
	maxXAttrSize    = 64 << 10  // XATTR_SIZE_MAX of Linux
	maxSymlinkDepth = 40        // as MAXSYMLINKS in Linux
)
