# shellcheck shell=sh
# The beginning of a root that is about to be encrypted. cryptsetup copies it to
# the partition's end and writes the LUKS header over it, without a flush in
# between, and a header that is cut off in the middle opens nothing. So it is
# copied there before, with a mark in front of the copy that has the UUID of the
# header to come. Until the header is on the disk, a root with a mark gets its
# beginning back.

head_bytes=$((16 * 1024 * 1024)) # what cryptsetup moves: half of luks_room
head_mark='shimboot: the beginning of this partition is behind this, for LUKS '

# head_end PARTITION: the sector of the copy to make; the mark is in the one before.
head_end() (
  size=$(size_of "$dev/$1") && echo $(((size - head_bytes) / 512))
)

# head_place PARTITION: that of the copy with a mark.
head_place() (
  for place in $(head_places "$1"); do
    case $(mark_of "$1" "$place") in "$head_mark"?*) echo "$place" && return ;; esac
  done
  return 1
)

# head_places PARTITION: at its end, and where an image has the end, should it have
# been made larger since: that is as far behind the file system as encrypting needs.
head_places() (
  last=$(head_end "$1") && echo "$last" || return
  {
    echo 1 1024
    ext4_copies "$dev/$1"
  } | while read -r block size _; do
    ext4_superblock "$dev/$1" $((block * size)) || continue
    place=$(((ext4_blocks * ext4_block + luks_room - head_bytes) / 512))
    [ "$place" -ge "$last" ] || echo "$place"
  done
)

# mark_of PARTITION PLACE: its text.
mark_of() {
  [ "$2" -gt 0 ] && raw "$dev/$1" $(($2 * 512 - 512)) 512 | head -n 1 | tr -d '\000'
}

# copy_sectors PARTITION FROM TO COUNT
copy_sectors() {
  dd if="$dev/$1" of="$dev/$1" bs=512 skip="$2" seek="$3" count="$4" conv=notrunc,fsync 2>/dev/null
}

# save_head PARTITION UUID
save_head() {
  place=$(head_end "$1") &&
    copy_sectors "$1" 0 "$place" $((head_bytes / 512)) &&
    write_mark "$1" "$place" "$head_mark$2"
}

# forget_head PARTITION: when the header is on the disk.
forget_head() {
  sync
  ! place=$(head_place "$1") || write_mark "$1" "$place" ""
}

# write_mark PARTITION PLACE TEXT: a sector of it, a newline and zeros.
write_mark() {
  printf '%s\n' "$3" | dd of="$dev/$1" bs=512 seek=$(($2 - 1)) conv=notrunc,sync,fsync 2>/dev/null
}

# head_kept PARTITION: prints the UUID of the mark, where there is one with an ext4
# in the copy behind it.
head_kept() (
  place=$(head_place "$1") || return
  mark=$(mark_of "$1" "$place")
  ext4_superblock "$dev/$1" $((place * 512 + 1024)) &&
    [ $((ext4_blocks * ext4_block)) -lt $((place * 512)) ] || return
  echo "${mark#"$head_mark"}"
)

# kept_superblock PARTITION: where that ext4's superblock is, in bytes.
kept_superblock() {
  echo $(($(head_place "$1") * 512 + 1024))
}

# outdate_head PARTITION: what is kept of its beginning is of no use once its ext4 is
# written to, and must never go over that. Asked for when it is mounted: what does not
# mount may have nothing else.
outdate_head() {
  ! unlocked "$1" && place=$(head_place "$1") || return 0
  [ "$(contents "$dev/$1")" = ext4 ] && ext4_superblock "$dev/$1" 1024 &&
    [ $((ext4_blocks * ext4_block)) -le $((place * 512 - 512)) ] || return 0
  write_mark "$1" "$place" ""
}

# head_saved PARTITION: whether its beginning is to be put back unasked. A mark may
# be left over, from a stick that was used otherwise since: in front there has to
# be what was there, or the header that the mark names, or pieces of both.
head_saved() (
  uuid=$(head_kept "$1") || return
  case +$(contents "$dev/$1")+ in
    +ext4+ | +LUKS+ | +LUKS-copy+ | +ext4+LUKS+ | +ext4+LUKS-copy+ | +ext4-broken+LUKS+ | +ext4-broken+LUKS-copy+) ;;
    *) return 1 ;;
  esac
  [ "$(bytes "$dev/$1" 1024 1024)" = "$(bytes "$dev/$1" "$(kept_superblock "$1")" 1024)" ] ||
    [ "$(luks_uuid "$dev/$1" 0)" = "$uuid" ] || [ "$(luks_uuid "$dev/$1" 16384)" = "$uuid" ]
)

# luks_uuid DEVICE OFFSET: of the header there, by LUKS2's format.
luks_uuid() {
  raw "$1" $(($2 + 168)) 40 | tr -d '\000'
}

# restore_head: to the root that it was before.
restore_head() {
  note "$1: encrypting it was cut off before it began"
  place=$(head_place "$1") &&
    copy_sectors "$1" "$place" 0 $((head_bytes / 512)) &&
    forget_head "$1"
}
