# shellcheck shell=sh
# ext2, ext3 and ext4 by their superblock: linux/Documentation/filesystems/ext4.

# ext4_state DEVICE: what its first superblock is: "ext4", "ext4-broken", or
# nothing where there is no signature of one.
ext4_state() {
  if ext4_superblock "$1" 1024; then
    echo ext4
  else
    case $? in
      2) echo ext4-broken ;;
      3) echo ext4-journal ;;
    esac
  fi
}

# ext4_superblock DEVICE OFFSET: sets the variables below from the superblock
# there. Fails with 1 where none has the signature, with 2 where one has, but
# its numbers or its checksum make no sense: e2fsck would go and look for a copy.
# With 3 it is a journal on a device of its own.
ext4_superblock() {
  numbers=$(bytes "$1" "$2" 1024 | ext4_numbers) || return
  read -r ext4_block ext4_blocks ext4_groups ext4_inodes ext4_free ext4_descriptor ext4_group ext4_sum <<NUMBERS
$numbers
NUMBERS
  # shellcheck disable=SC2046 # a word each
  [ "$ext4_sum" = - ] || [ "$(crc32c $((0xffffffff)) $(decimal "$1" "$2" 1020))" = "$ext4_sum" ] || return 2
}

# ext4_numbers: of a superblock in hexadecimal: a block's bytes, blocks,
# groups, inodes, free inodes, a group descriptor's bytes (0 where
# they are not all in one place), the group that this superblock is in, its
# checksum or "-".
ext4_numbers() {
  awk '
    function le(at, bytes,   i, value) {
      for (i = at + bytes - 1; i >= at; i--) value = value * 256 + hex(2 * i + 1) * 16 + hex(2 * i + 2)
      return value
    }
    function hex(at) { return index("0123456789abcdef", substr(superblock, at, 1)) - 1 }
    function has(field, bit) { return int(le(field, 4) / bit) % 2 }
    { superblock = $0 }
    END {
      if (length(superblock) < 2048 || le(56, 2) != 61267) exit 1
      if (has(96, 8)) exit 3 # journal_dev
      if (le(24, 4) > 6 || !le(32, 4) || !le(40, 4)) exit 2
      block = 1024
      for (i = le(24, 4); i > 0; i--) block *= 2
      wide = has(96, 128) # 64-bit
      blocks = le(4, 4) + (wide ? le(336, 4) * 4294967296 : 0)
      first = le(20, 4)
      if (first >= blocks) exit 2
      groups = int((blocks - first + le(32, 4) - 1) / le(32, 4))
      if (groups * le(40, 4) != le(0, 4)) exit 2
      descriptor = wide ? le(254, 2) : 32
      if (has(96, 16)) descriptor = 0 # meta_bg
      sum = has(100, 1024) ? sprintf("%.0f", le(1020, 4)) : "-" # metadata_csum
      printf "%.0f %.0f %.0f %.0f %.0f %.0f %.0f %s\n", block, blocks, groups, le(0, 4), le(16, 4), descriptor, le(90, 2), sum
    }'
}

# decimal DEVICE OFFSET COUNT: its bytes as words.
decimal() {
  raw "$@" | od -An -v -tu1
}

# number DEVICE OFFSET COUNT: of so many bytes, the lowest first.
number() {
  raw "$@" | od -An -v -tu"$3" | tr -d ' '
}

# crc32c START BYTE…: of bytes in decimal, without the inversion at its end, as ext4
# has it. The bits of the lowest byte have what each is worth eight steps later.
crc32c() (
  crc=$1
  shift
  for byte; do
    low=$((crc ^ byte))
    crc=$((crc >> 8))
    crc=$((crc ^ (-(low & 1) & 0xf26b8303) ^ (-(low >> 1 & 1) & 0xe13b70f7)))
    crc=$((crc ^ (-(low >> 2 & 1) & 0xc79a971f) ^ (-(low >> 3 & 1) & 0x8ad958cf)))
    crc=$((crc ^ (-(low >> 4 & 1) & 0x105ec76f) ^ (-(low >> 5 & 1) & 0x20bd8ede)))
    crc=$((crc ^ (-(low >> 6 & 1) & 0x417b1dbc) ^ (-(low >> 7 & 1) & 0x82f63b78)))
  done
  echo "$crc"
)

# ext4_was_left DEVICE: unmounted, with all in its place.
ext4_was_left() {
  [ $(($(number "$1" $((1024 + 58)) 2) % 2)) -eq 1 ] && ! ext4_has_journal "$1"
}

# ext4_has_journal DEVICE: whether there is one to replay.
ext4_has_journal() {
  [ $(($(number "$1" $((1024 + 96)) 4) / 4 % 2)) -eq 1 ] # needs_recovery
}

# ext4_copies DEVICE: "BLOCK BLOCKSIZE UUID MADE" of each whole copy of a superblock,
# at the places that mke2fs has for them, with the second in which it was made. They
# need not be of one ext4.
ext4_copies() (
  size=$(size_of "$1") || return
  for block in 1024 2048 4096; do
    for group in 1 3 5 7; do
      at=$((group * 8 * block + (block == 1024)))
      [ $(((at + 1) * block)) -le "$size" ] || continue
      ext4_superblock "$1" $((at * block)) || continue
      if [ "$ext4_block $ext4_group" = "$block $group" ] && [ $((ext4_blocks * block)) -le "$size" ]; then
        echo "$at $block $(ext4_uuid "$1" $((at * block))) $(number "$1" $((at * block + 264)) 4)"
      fi
    done
  done
)

# ext4_uuid DEVICE OFFSET: of the superblock there.
ext4_uuid() {
  bytes "$1" $(($2 + 104)) 16
}

# ext4_descriptors: where the group descriptors are: behind the superblock, which is
# in block 1 where blocks are that small.
ext4_descriptors() {
  echo $(((1 + (ext4_block == 1024)) * ext4_block))
}

# ext4_has_descriptors DEVICE OFFSET: whether the first group descriptor, behind the
# place of the first superblock, is that of the copy at OFFSET. Of an ext4 without
# metadata_csum, or with its descriptors elsewhere, nobody can tell.
ext4_has_descriptors() (
  ext4_superblock "$1" "$2" && ext4_has_sums && ext4_descriptor_fits "$1" "$2" 0
)

# ext4_has_sums: of the superblock that was read last.
ext4_has_sums() {
  [ "$ext4_sum" != - ] && [ "$ext4_descriptor" -ge 32 ]
}

# ext4_descriptor_fits DEVICE OFFSET GROUP: whether that descriptor has its checksum,
# which goes on from that of the UUID. OFFSET is that of the superblock that was read last.
ext4_descriptor_fits() (
  at=$(($(ext4_descriptors) + $3 * ext4_descriptor))
  if [ $(($(number "$1" $(($2 + 96)) 4) / 8192 % 2)) -eq 1 ]; then # metadata_csum_seed
    sum=$(number "$1" $(($2 + 624)) 4)
  else
    # shellcheck disable=SC2046 # a word each
    sum=$(crc32c $((0xffffffff)) $(decimal "$1" $(($2 + 104)) 16))
  fi
  # With zeros in the checksum's place.
  # shellcheck disable=SC2046
  sum=$(crc32c "$sum" $(($3 & 255)) $(($3 >> 8 & 255)) $(($3 >> 16 & 255)) $(($3 >> 24)) \
    $(decimal "$1" "$at" 30) 0 0 $(decimal "$1" $((at + 32)) $((ext4_descriptor - 32))))
  [ $((sum & 65535)) -eq "$(number "$1" $((at + 30)) 2)" ]
)

# ext4_journal_begun DEVICE OFFSET: whether there is something in the journal. (Where it
# is, the superblock at OFFSET, which was read last, says as well: jnl_blocks, as in an
# inode. Its own numbers have the highest byte first.)
ext4_journal_begun() (
  at=$(($2 + 268))
  if [ "$(number "$1" "$at" 2)" -eq 62218 ]; then # extents
    depth=$(number "$1" $((at + 6)) 2)
    [ "$depth" -le 5 ] || return 0 # nobody can tell
    while [ "$depth" -gt 0 ]; do
      at=$((($(number "$1" $((at + 16)) 4) + ($(number "$1" $((at + 20)) 2) << 32)) * ext4_block))
      depth=$((depth - 1))
    done
    journal=$(($(number "$1" $((at + 20)) 4) + ($(number "$1" $((at + 18)) 2) << 32)))
  else
    journal=$(number "$1" "$at" 4)
  fi
  [ "$(bytes "$1" $((journal * ext4_block)) 4)" = c03b3998 ] &&
    [ "$(bytes "$1" $((journal * ext4_block + 28)) 4)" != 00000000 ]
)

# ext4_files DEVICE [OFFSET]: how many files, directories and the like it has, by
# its group descriptors: a superblock may lag behind, and the one at OFFSET be a
# copy. Fails where the descriptors make no sense, or are not all in one place and the
# superblock is a copy, or was not written when it was used last.
ext4_files() (
  ext4_superblock "$1" "${2-1024}" || return
  if [ "$ext4_descriptor" -eq 0 ]; then
    [ "${2-1024}" -eq 1024 ] && ext4_was_left "$1" || return
    echo $((ext4_inodes - ext4_free))
    return
  fi
  raw "$1" "$(ext4_descriptors)" $((ext4_groups * ext4_descriptor)) |
    od -An -v -tu2 -w"$ext4_descriptor" |
    awk -v inodes="$ext4_inodes" -v groups="$ext4_groups" -v blocks="$ext4_blocks" '
      { bitmap = $1 + $2 * 65536 + ($17 + $18 * 65536) * 4294967296; unused = $8 + $24 * 65536; free += unused }
      !bitmap || bitmap >= blocks || unused > inodes / groups { exit bad = 1 }
      END { if (bad) exit 1; print inodes - free }'
)
