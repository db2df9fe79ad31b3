# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# What a partition holds, by each signature that is known.
# shellcheck disable=SC2154,SC2317
. "$here/fixture.sh"
size=$((5 * 1024 * 1024 + 512 * 7))

# fresh: a file of zeros.
fresh() {
  rm -f disk
  sized disk "$size"
}

fresh
known_as() { equal "$1" "$(contents disk)" "${1%% *}"; }
beside disk known_as

# Of a copy it says so, where there is nothing in front; and what else has copies.
signatures_of_copies >table
size=$((80 * 1024 * 1024))
while read -r word offset magic; do
  fresh
  case $offset in -*) offset=$((size + offset)) ;; esac
  plant disk "$offset" "$magic"
  equal "$word at $offset" "$(contents disk)" "$word"
  plant disk 1080 53ef
  equal "$word at $offset, behind something" "$(contents disk)" ext4-broken
done <table
equal "in words" "$(in_words btrfs-copy)" "the copy of a btrfs superblock"
equal "in words" "$(in_words ext4-copy+btrfs-copy)" "copies of an ext4 superblock and the copy of a btrfs superblock"
size=$((5 * 1024 * 1024 + 512 * 7))

fresh
equal "zeros" "$(contents disk)" nothing
: >empty
equal "no byte" "$(contents empty 2>/dev/null)" nothing
equal "not there" "$(contents gone 2>/dev/null)" unreadable
equal "without a program that it asks" "$(awk() { return 127; } && contents disk)" unreadable
for at in 131072 262144 524288 1048576 2097152 4194304; do
  fresh
  plant disk "$at" 534b554cbabe
  equal "LUKS header's copy at $at" "$(contents disk)" LUKS-copy
done
plant disk 0 4c554b53babe
equal "both headers" "$(contents disk)" LUKS
fresh
plant disk $(((size / 512 - 16) / 8 * 8 * 512)) fc4e2ba9
equal "RAID 1.0" "$(contents disk)" RAID
fresh
plant disk $((size / 65536 * 65536 - 65536)) fc4e2ba9
equal "RAID 0.90" "$(contents disk)" RAID

# A part of a RAID may have the superblock of an ext4 that was there before.
make_ext4 disk $((size / 4096)) $((size / 4096 * 4096))
plant disk $((size / 4096 * 4096 - 8192)) fc4e2ba9
equal "at the end of a whole ext4" "$(contents disk)" ext4+RAID
make_ext4 disk 1024 "$size"
equal "ext4" "$(contents disk)" ext4
plant disk 65600 5f42485266535f4d
plant disk 4086 53574150535041434532
equal "several" "$(contents disk)" ext4+swap+btrfs
equal "in words" "$(in_words "$(contents disk)")" "ext4 and swap and btrfs"

plant disk 1120 08000000
equal "a journal of its own" "$(contents disk)" ext4-journal+swap+btrfs

# A superblock that is none.
for at in 1048 1056 1064; do
  make_ext4 disk 1024 "$size"
  plant disk "$at" 00000000
  [ "$at" != 1048 ] || plant disk "$at" 07000000
  equal "nonsense at $at" "$(contents disk)" ext4-broken
done
make_ext4 disk 1024 "$size"
plant disk 1124 00040000
equal "a wrong checksum" "$(contents disk)" ext4-broken
# shellcheck disable=SC2046 # a word each
plant disk 2044 "$(le32 "$(crc32c $((0xffffffff)) $(od -An -v -tu1 -j 1024 -N 1020 disk))" | od -An -v -tx1 | tr -d ' ')"
equal "the right one" "$(contents disk)" ext4
equal "crc32c of 123456789" "$(crc32c $((0xffffffff)) 49 50 51 52 53 54 55 56 57)" $((0xe3069283 ^ 0xffffffff))

# Files are counted by the superblock alone where the descriptors are elsewhere, and not
# where that was not written when it was used last.
make_ext4 disk 1024 "$size"
plant disk 1120 10000000 # meta_bg
plant disk 1040 0b000000
plant disk 1082 0100
equal "by the superblock" "$(ext4_files disk)" 5
dd if=disk of=disk bs=1024 skip=1 seek=8 count=1 conv=notrunc 2>/dev/null
fails "by a copy" ext4_files disk 8192
plant disk 1120 14000000
fails "with a journal to replay" ext4_files disk
plant disk 1120 10000000
plant disk 1082 0000
fails "still mounted" ext4_files disk

# A copy further on, in group 1 of a file system of 1 KiB blocks.
size=$((16 * 1024 * 1024))
fresh
{
  le32 32 16384 0 0 8 1 0 0 8192 0 16 0 0
  zeros 4
  printf '\123\357'
  zeros 30
  le32 65536 # the upper half of the field at 88 is the group
} | dd of=disk bs=1024 seek=8193 conv=notrunc 2>/dev/null
equal "a copy" "$(contents disk) $(ext4_copies disk)" "ext4-copy 8193 1024 00000000000000000000000000000000 0"
plant disk 65600 5f42485266535f4d
equal "a copy of what was before" "$(contents disk)" btrfs
fresh
