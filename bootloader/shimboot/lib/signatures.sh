# shellcheck shell=sh
# How what a block device holds makes itself known: lines "WORD OFFSET BYTES",
# the offset in bytes, from the end where it is below zero, the bytes in
# hexadecimal.
#
# It is what a stick may carry of the list that blkid of util-linux has
# (libblkid/src/superblocks and partitions, v2.41): a page's size that another
# computer may have included, and what is copied elsewhere by its first copy
# alone. Left out are magic numbers of two bytes (Minix, HFS), which say nothing;
# ext4 has one, and its superblock is looked at in ext4.sh. Left out are disk
# controllers' RAID but for DDF and Intel's, LVM1, VMFS, exfs and UNIX' older file
# systems: no stick has them. What lies at a place that
# depends on the device's size is in contents.sh.
signatures() {
  cat <<'TABLE'
LUKS 0 4c554b53babe
LUKS-copy 16384 534b554cbabe
LUKS-copy 32768 534b554cbabe
LUKS-copy 65536 534b554cbabe
verity 0 7665726974790000
integrity 0 696e746567727400
snapshot 0 536e4170
BitLocker 3 2d4656452d46532d
RAID 0 fc4e2ba9
RAID 4096 fc4e2ba9
RAID -512 de11de11
RAID -1024 496e74656c20526169642049534d2043666720536967
LVM 0 4c4142454c4f4e45
LVM 512 4c4142454c4f4e45
LVM 1024 4c4142454c4f4e45
LVM 1536 4c4142454c4f4e45
DRBD -4036 8374026b
DRBD -4036 8374026c
DRBD -4036 8374026d
Stratis 516 21537472613074697386ff02
Stratis 4612 21537472613074697386ff02
VDO 0 646d76646f303031
bcache 4120 c68573f64e1a45ca8265f57f48ba6d81
bcachefs 4120 c68573f666ce90a9d96a60cf803df7ef
swap 4086 53574150535041434532
swap 8182 53574150535041434532
swap 16374 53574150535041434532
swap 32758 53574150535041434532
swap 65526 53574150535041434532
swap 4086 535741502d5350414345
hibernation 4086 533153555350454e44
hibernation 4086 533253555350454e44
hibernation 4086 554c53555350454e44
hibernation 4086 4c494e48494230303031
hibernation 8182 533153555350454e44
hibernation 8182 533253555350454e44
hibernation 8182 554c53555350454e44
hibernation 8182 4c494e48494230303031
hibernation 16374 533153555350454e44
hibernation 16374 533253555350454e44
hibernation 16374 554c53555350454e44
hibernation 16374 4c494e48494230303031
hibernation 32758 533153555350454e44
hibernation 32758 533253555350454e44
hibernation 32758 554c53555350454e44
hibernation 32758 4c494e48494230303031
hibernation 65526 533153555350454e44
hibernation 65526 533253555350454e44
hibernation 65526 554c53555350454e44
hibernation 65526 4c494e48494230303031
hibernation 0 edc302e99856e50c
btrfs 65600 5f42485266535f4d
XFS 0 58465342
XFS 0 feedbabe
f2fs 1024 1020f5f2
ZFS 16408 76657273696f6e
NILFS2 1024 0200000000003434
JFS 32768 4a465331
ReiserFS 8244 526549734572
ReiserFS 65588 526549734572
ReiserFS 65536 526549734572
OCFS2 1024 4f4346535632
OCFS2 2048 4f4346535632
OCFS2 4096 4f4346535632
GFS2 65536 0116197000000001
UFS 9564 54190100
UFS 66908 19015419
APFS 32 4e585342
HFS+ 1024 482b0004
HFS+ 1024 48580005
NTFS 3 4e54465320202020
ReFS 3 5265465300000000
exFAT 3 4558464154202020
FAT 54 46415431
FAT 82 46415433
squashfs 0 68737173
squashfs 0 73717368
cramfs 0 453dcd28
cramfs 0 28cd3d45
romfs 0 2d726f6d3166732d
BeFS 544 31534642
BeFS 544 42465331
zonefs 0 53464f5a
UBI 0 55424923
UBIFS 0 31181006
erofs 1024 e2e1f5e0
ISO9660 32769 4344303031
UDF 32769 4245413031
OracleASM 32 4f52434c4449534b
BlueStore 0 626c756573746f726520626c6f636b20646576696365
GPT 512 4546492050415254
GPT 4096 4546492050415254
TABLE
}

# The same of copies that a file system has of its beginning, of those that tell where
# they are: who has lost the first ends here, and not at an older ext4's copies. (They
# outlive the file system, so nobody asks for them where there is anything in front.)
signatures_of_copies() {
  cat <<'TABLE'
XFS-copy 512 58414746
XFS-copy 4096 58414746
FAT-copy 3154 46415433
FAT-copy 24658 46415433
exFAT-copy 6147 4558464154202020
exFAT-copy 49155 4558464154202020
NTFS-copy -509 4e54465320202020
NTFS-copy -4093 4e54465320202020
btrfs-copy 67108928 5f42485266535f4d
TABLE
}
