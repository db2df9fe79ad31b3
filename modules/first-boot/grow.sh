#!/bin/sh
# Grows the root to the stick it is on, when there is room behind it:
#
#   grow.sh                 the running system's root
#   grow.sh DISK NUMBER     a partition of a disk or of an image's file; only
#                           the table
#
# It looks at what there is, not at marks of its own, so it can be run any time
# and is taken up after a power cut. sfdisk writes the copy at the disk's new
# end first: one of the two tables is whole at every moment.
set -eu
here=$(dirname "$0")
# shellcheck source=modules/first-boot/stick.sh
. "$here/stick.sh"
# What a device holds is the bootloader's to say: beside this where it was
# installed.
lib=$here
[ -e "$lib/contents.sh" ] || lib=$here/../../bootloader/shimboot/lib
# shellcheck source=bootloader/shimboot/lib/contents.sh
. "$lib/contents.sh"
# shellcheck source=bootloader/shimboot/lib/ext4.sh
. "$lib/ext4.sh"
# shellcheck source=bootloader/shimboot/lib/signatures.sh
. "$lib/signatures.sh"

say() {
  echo "grow: $*"
}

# must_hold WORDS DEVICE: one of them and nothing else. A mounted ext4's superblock
# may be in the middle of a change of the kernel's.
must_hold() {
  for _ in 1 2 3; do
    held=$(contents "$2")
    case " $1 " in *" $held "*) return ;; esac
    sync
  done
  say "$2 holds $(in_words "$held"), and stays as it is"
  [ "$held" != unreadable ] || exit 1
  return 1
}

# In sectors: what a partition may at most be short of the end, 1 MiB, and what
# the copy of the table takes there.
slack=2048
table=33

sectors() {
  if [ -b "$1" ]; then
    blockdev --getsz "$1"
  else
    echo $(($(stat -c %s "$1") / 512))
  fi
}

# partition_end DISK NUMBER: the first sector of 512 bytes behind it. Fails with a message
# where another partition is in the way.
partition_end() {
  sfdisk --json "$1" 2>/dev/null | jq -er --argjson number "$2" '
    .partitiontable as $table
    | if $table.label != "gpt" then error("no GPT") else . end
    | (($table.sectorsize // 512) / 512) as $unit
    | [$table.partitions[] | . + {number: (.node | capture("(?<n>[0-9]+)$").n | tonumber), end: (.start + .size)}] as $all
    | ($all[] | select(.number == $number)) as $mine
    | if any($all[]; .start >= $mine.end) then error("another partition is behind it") else $mine.end * $unit end'
}

# grow_partition DISK NUMBER
grow_partition() {
  # (No table at all makes no JSON, which is no error of jq's.)
  if ! end=$(partition_end "$1" "$2") || [ -z "$end" ]; then
    say "partition $2 of $1 stays as it is"
    return
  fi
  free=$(($(sectors "$1") - table - end))
  if [ "$free" -lt "$slack" ]; then
    return
  fi
  # ISO 9660 and UDF leave a disk's first 32 KiB to others, and Linux' images for
  # sticks have both: what one of them has left behind the table is not written to.
  if ! must_hold "GPT ISO9660+GPT UDF+GPT" "$1"; then
    say "what is only left over goes by wipefs --all --types NAME STICK, on another computer and by the stick's name there"
    return
  fi
  say "partition $2 of $1 gets $((free / 2048)) MiB more"
  # sfdisk aligns to 1 MiB and keeps everything else of the entry.
  echo ', +' | sfdisk --quiet --no-reread --no-tell-kernel --partno "$2" "$1"
}

# tell_kernel DISK NUMBER: the size of one partition, which is in use.
tell_kernel() {
  partx --update --nr "$2" "$1"
}

if [ $# -eq 2 ]; then
  grow_partition "$1" "$2"
  exit
elif [ $# -ne 0 ]; then
  echo "usage: grow.sh [DISK NUMBER]" >&2
  exit 64
fi

partition=$(root_partition)
if ! disk=$(disk_of "$partition"); then
  say "the root is on $partition, which is no partition: it stays as it is"
  exit
fi
number=$(number_of "$partition")
grow_partition "$dev/$disk" "$number"
tell_kernel "$dev/$disk" "$number"
device=$(root_device)
if [ "$device" != "$partition" ]; then
  must_hold LUKS "$dev/$partition" || exit 0
  if ! command -v cryptsetup >/dev/null; then
    say "the root is encrypted, and grows no further in a system without shimboot.luks = true"
    exit
  fi
  # Asks nobody: the bootloader has left the key with the mapping. Nothing of
  # it is udev's, and where device-mapper has no rules that would never answer.
  DM_DISABLE_UDEV=1 cryptsetup resize "$(cat "$sys/class/block/$device/dm/name")"
fi
must_hold ext4 "$dev/$device" || exit 0
# Has nothing to do when the file system fills its partition.
resize2fs "$dev/$device"
