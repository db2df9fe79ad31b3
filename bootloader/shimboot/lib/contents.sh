# shellcheck shell=sh
# What a block device, or a file in its place, holds now. Whoever is about to
# start a program that writes to one asks here first; docs/bootloader.md lists
# all who do. modules/first-boot has these files as well.

: "${sys:=/sys}"

# contents DEVICE: one word, or several with "+" between them where it has the
# signatures of several things, of which all but one are left over:
#
#   ext4          ext2, ext3 or ext4, by a superblock that makes sense
#   ext4-broken   a superblock with the signature alone
#   ext4-journal  the journal of an ext4 that is on another device
#   ext4-copy     nothing but copies of a superblock further on: either the first
#                 was lost, or something that nobody knows was made over it
#   btrfs-copy …  nothing but such a copy of another file system
#   LUKS          LUKS1 or LUKS2
#   LUKS-copy     the copy of a LUKS2 header, but not the header
#   nothing       no signature that is known
#   unreadable
#
# and what signatures.sh names.
contents() (
  size=$(size_of "$1") || size=-1
  found=$({ ext4_state "$1" && known "$1" "$size"; } 2>/dev/null | joined) || found=unreadable
  if [ -n "$found" ]; then
    echo "$found"
  elif [ -n "$(distant_luks_copy "$1")" ]; then
    echo LUKS-copy
  else
    found=$({
      [ -z "$(ext4_copies "$1")" ] || echo ext4-copy
      other_copies "$1" "$size"
    } 2>/dev/null | joined)
    echo "${found:-nothing}"
  fi
)

# in_words WORD: as people read it.
in_words() {
  case $1 in
    ext4-broken) echo "an ext4 with a damaged superblock" ;;
    ext4-journal) echo "the journal of another ext4" ;;
    ext4-copy) echo "nothing but copies of an ext4 superblock" ;;
    LUKS-copy) echo "the copy of a LUKS header" ;;
    nothing) echo "nothing that is known" ;;
    unreadable) echo "what cannot be read" ;;
    *) echo "$1" | sed 's/+/ and /g; s/ext4-copy/copies of an ext4 superblock/; s/\([A-Za-z0-9]*\)-copy/the copy of a \1 superblock/g' ;;
  esac
}

# raw DEVICE OFFSET COUNT: its bytes; fewer where the device ends. (dd goes to a
# place at once; od and hexdump of busybox read up to there.)
raw() {
  dd if="$1" bs=512 skip=$(($2 / 512)) count=$((($2 % 512 + $3 + 511) / 512)) 2>/dev/null |
    tail -c "+$(($2 % 512 + 1))" | head -c "$3"
}

# bytes DEVICE OFFSET COUNT: the same in hexadecimal.
bytes() {
  raw "$@" | od -An -v -tx1 | tr -d ' \n'
}

# size_of DEVICE: in bytes. (Of a name in /dev/mapper the kernel knows nothing.)
size_of() (
  if ! [ -b "$1" ]; then
    stat -L -c %s "$1"
    return
  fi
  number=$(stat -L -c '0x%t 0x%T' "$1") || return
  echo $(($(cat "$sys/dev/block/$((${number% *})):$((${number#* }))/size") * 512))
)

# known DEVICE SIZE: what has its signature in the first 68 KiB or the last 128;
# "unreadable" where the first are not all to be had. Linux' RAID has one at the
# end by the versions 1.0 and 0.90 of its superblock. (In an ext4 that goes on to
# the end it may be in a file, and a part of a RAID may have an older ext4's
# superblock: nobody can tell, so both are named, and nothing is written.)
known() {
  last=$(($2 < 131072 ? 0 : $2 - 131072))
  {
    bytes "$1" 0 69632 && echo
    bytes "$1" "$last" 131072 && echo
    signatures
  } | awk -v size="$2" -v last="$last" '
    function at_end(place, magic) {
      return place >= last && substr(end, 2 * (place - last) + 1, length(magic)) == magic
    }
    NR == 1 {
      start = $0
      want = size < 69632 ? size : 69632
      if (length(start) != 2 * want) { print "unreadable"; exit }
      next
    }
    NR == 2 {
      end = $0
      if (at_end(int((size / 512 - 16) / 8) * 4096, "fc4e2ba9") || at_end(int(size / 65536) * 65536 - 65536, "fc4e2ba9")) print "RAID"
      next
    }
    $2 < 0 ? at_end(size + $2, $3) : substr(start, 2 * $2 + 1, length($3)) == $3 { print $1 }'
}

# distant_luks_copy DEVICE: a LUKS2 header's copy is behind the header, whose size is a
# power of two; smaller ones are among the signatures.
distant_luks_copy() {
  at=131072
  while [ "$at" -le 4194304 ]; do
    [ "$(bytes "$1" "$at" 6)" != 534b554cbabe ] || echo LUKS-copy
    at=$((at * 2))
  done
}

# other_copies DEVICE SIZE: what signatures_of_copies has.
other_copies() {
  signatures_of_copies | while read -r word offset magic; do
    [ "$offset" -ge 0 ] || offset=$(($2 + offset))
    [ "$(bytes "$1" "$offset" $((${#magic} / 2)))" != "$magic" ] || echo "$word"
  done
}

# joined: words, each once. A copy beside what it is of is no thing of its own.
joined() {
  awk '
    !seen[$0]++ { words[++count] = $0 }
    END {
      for (i = 1; i <= count; i++) {
        if (words[i] == "LUKS-copy" && seen["LUKS"]) continue
        printf "%s%s", joint, words[i]
        joint = "+"
      }
    }'
}
