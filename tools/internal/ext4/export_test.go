package ext4

import "shimboot/tools/internal/ext4/ondisk"

// ReadOnlyHack tells that the top byte of feature_ro_compat is set, as on a
// ChromeOS root, so that Linux refuses to mount it for writing.
func (f *FS) ReadOnlyHack() bool { return f.sb.HasROCompat(ondisk.ROCompatHack) }
