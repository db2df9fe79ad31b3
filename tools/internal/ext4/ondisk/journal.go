package ondisk

import "encoding/binary"

// Numbers of the journal, which is the content of JournalInode.
const (
	MinJournalBlocks = 1024 // JBD2_MIN_JOURNAL_BLOCKS

	journalMagic        = 0xC03B3998
	journalSuperblockV2 = 4 // h_blocktype

	journalBlockType = 0x04 // byte offsets
	journalBlockSize = 0x0C
	journalMaxLen    = 0x10
	journalFirst     = 0x14
	journalSequence  = 0x18
	journalUUID      = 0x30
	journalUsers     = 0x40
)

// JournalSuperblock is the start of struct journal_superblock_s, version 2, in
// the journal's first block (journal.rst). It is big-endian. Without Start, the
// block where a transaction to replay starts, it is of an empty journal.
type JournalSuperblock struct {
	BlockSize uint32
	Blocks    uint32
	First     uint32 // block of the log
	Sequence  uint32 // first commit expected
	UUID      [16]byte
	Users     uint32 // file systems that use it
}

// Put writes a journal's superblock to b, which is zero.
func (j *JournalSuperblock) Put(b []byte) {
	be := binary.BigEndian
	be.PutUint32(b, journalMagic)
	be.PutUint32(b[journalBlockType:], journalSuperblockV2)
	be.PutUint32(b[journalBlockSize:], j.BlockSize)
	be.PutUint32(b[journalMaxLen:], j.Blocks)
	be.PutUint32(b[journalFirst:], j.First)
	be.PutUint32(b[journalSequence:], j.Sequence)
	copy(b[journalUUID:], j.UUID[:])
	be.PutUint32(b[journalUsers:], j.Users)
}
