package ondisk

import "encoding/binary"

// The number of a device node is in the first two words of i_block: the first
// has the old form, 8 bits each; the second that of today, with 12 bits of
// major and 20 of minor number (new_encode_dev in include/linux/kdev_t.h).
const (
	oldMajorShift = 8
	oldNumberMask = 0xFF

	majorShift     = 8
	majorMask      = 0xFFF
	minorLowMask   = 0xFF // of the minor number, below the major
	minorHighShift = 12   // how much further up the rest of it is, above the major
	minorMask      = 0xFFFFF
)

// Device reads the device number of a device node.
func (i *Inode) Device() (major, minor uint32) {
	old, now := binary.LittleEndian.Uint32(i.Block[:]), binary.LittleEndian.Uint32(i.Block[4:])
	if old != 0 {
		return old >> oldMajorShift & oldNumberMask, old & oldNumberMask
	}
	return now >> majorShift & majorMask, now&minorLowMask | now>>minorHighShift&^minorLowMask
}

// SetDevice is the inverse of Device, for a number that is a DeviceNumber.
func (i *Inode) SetDevice(major, minor uint32) {
	old, now := uint32(0), minor&minorLowMask|major<<majorShift|minor&^minorLowMask<<minorHighShift
	if major <= oldNumberMask && minor <= oldNumberMask {
		old, now = major<<oldMajorShift|minor, 0
	}
	binary.LittleEndian.PutUint32(i.Block[:], old)
	binary.LittleEndian.PutUint32(i.Block[4:], now)
}

// DeviceNumber tells whether an inode has room for a device number.
func DeviceNumber(major, minor uint32) bool { return major <= majorMask && minor <= minorMask }
