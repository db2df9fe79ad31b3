package tree

// What a tree may take in memory, whatever its sources say: a million entries
// are some 130 MiB, and a NixOS has fewer.
const (
	maxEntries = 2 << 20
	maxTexts   = 256 << 20 // bytes of names, targets and what hard links lead to
	maxExtras  = 192 << 20 // bytes of extended attributes and of maps of holes
	maxXAttrs  = 64 << 10  // of one entry, as Linux has it (XATTR_SIZE_MAX)
	rangeSize  = 16
	extraSize  = 512 // what it takes that an entry has any
	xattrSize  = 128 // what an attribute takes but for its bytes
)

// checkRoom refuses an entry that there is no room for.
func (p *Packed) checkRoom(e *Entry) error {
	xattrs := 0
	for name, value := range e.XAttrs {
		xattrs += len(name) + len(value)
	}
	p.extras += int64(xattrs + len(e.XAttrs)*xattrSize + len(e.Data)*rangeSize)
	if len(e.XAttrs)+len(e.Data) > 0 {
		p.extras += extraSize
	}
	switch {
	case xattrs > maxXAttrs:
		return errorf("%s: %d bytes of extended attributes, want at most %d", e.Path, xattrs, maxXAttrs)
	case p.count >= maxEntries:
		return errorf("%s: more than %d entries, want at most that", e.Path, maxEntries)
	case p.text.size() > maxTexts:
		return errorf("%s: more than %d bytes of names and links, want at most that", e.Path, maxTexts)
	case p.extras > maxExtras:
		return errorf("%s: more than %d bytes of extended attributes and holes, want at most that", e.Path, maxExtras)
	}
	return nil
}
