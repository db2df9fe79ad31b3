# shellcheck shell=sh
# The beginning of a root that is about to be encrypted. cryptsetup copies it to
# the partition's end and writes the LUKS header over it, without a flush in
# between, and a header that is cut off in the middle opens nothing. So it is
# copied there before, and a mark in front of the copy says so until the header
# is on the disk: a root with a mark gets its beginning back.

head_bytes=$((16 * 1024 * 1024)) # what cryptsetup moves: half of luks_room
head_mark='shimboot: what is behind this is the beginning of this partition'

# head_place PARTITION: the sector of the copy; the mark is in the one before.
head_place() (
  size=$(size_of "$dev/$1") && echo $(((size - head_bytes) / 512))
)

# copy_sectors PARTITION FROM TO COUNT
copy_sectors() {
  dd if="$dev/$1" of="$dev/$1" bs=512 skip="$2" seek="$3" count="$4" conv=notrunc,fsync 2>/dev/null
}

save_head() {
  place=$(head_place "$1") &&
    copy_sectors "$1" 0 "$place" $((head_bytes / 512)) &&
    write_mark "$1" "$head_mark"
}

# forget_head: when the header is on the disk.
forget_head() {
  sync && write_mark "$1" ""
}

# write_mark PARTITION TEXT: a sector of it, a newline and zeros.
write_mark() {
  printf '%s\n' "$2" | dd of="$dev/$1" bs=512 seek=$(($(head_place "$1") - 1)) conv=notrunc,sync,fsync 2>/dev/null
}

# head_saved PARTITION: whether its beginning is to be put back: there is the
# mark, an ext4 in the copy, and nothing but that or a header of ours in front.
head_saved() {
  place=$(head_place "$1") && [ "$place" -gt 0 ] &&
    [ "$(raw "$dev/$1" $((place * 512 - 512)) "${#head_mark}" | tr -d '\000')" = "$head_mark" ] &&
    ext4_superblock "$dev/$1" $((place * 512 + 1024)) &&
    [ $((ext4_blocks * ext4_block)) -lt $((place * 512)) ] || return
  case $(contents "$dev/$1") in
    ext4 | ext4+LUKS-copy | LUKS-copy | nothing | ext4-broken | ext4-copy) ;;
    LUKS) ! luks_metadata "$1" >"$run/luks" || encryption_unfinished "$1" ;;
    *) return 1 ;;
  esac
}

# restore_head: to the root that it was before.
restore_head() {
  note "$1: encrypting it was cut off before it began"
  place=$(head_place "$1") &&
    copy_sectors "$1" "$place" 0 $((head_bytes / 512)) &&
    forget_head "$1"
}
