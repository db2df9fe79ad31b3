# shellcheck shell=sh
# What became of an ext4 whose beginning is kept (head.sh) and whose superblock is lost. A
# header puts noise in place of whole sectors, but for its first 32 KiB; the file system's
# own changes are a few bytes of an inode, bits of a bitmap, a descriptor with its checksum,
# the journal.

# since_kept OFFSET: of the ext4 on $device, of which the superblock at OFFSET is kept.
# "torn": a header was begun, or nothing is another, and what is kept may be put back.
# "used": it is older than what is there. "unknown" where neither is sure, or both.
since_kept() (
  ext4_superblock "$device" "$1"
  signs=$(signs_since_kept "$1")
  case +$(echo "$signs" | sort -u | tr '\n' +) in
    *+unknown+* | *+torn+used+*) echo unknown ;;
    *+used+*) echo used ;;
    *+torn+* | ++) echo torn ;;
    *) echo unknown ;;
  esac
)

# signs_since_kept OFFSET: a word for each. Of the superblock that was read last.
signs_since_kept() {
  if [ "$ext4_descriptor" -eq 0 ]; then # they are elsewhere
    echo unknown
    return
  fi
  descriptors_since_kept "$1"
  ! ext4_journal_begun "$device" "$1" || echo used
  pieces_since_kept "$1" "$(metadata_end "$1")"
}

# descriptors_since_kept OFFSET: one that is another and has not its checksum is a piece
# of a header. Where they have none, nobody can tell.
descriptors_since_kept() (
  from=$(ext4_descriptors)
  group=0
  while [ "$group" -lt "$ext4_groups" ]; do
    at=$((from + group * ext4_descriptor))
    if [ "$(bytes "$device" "$at" "$ext4_descriptor")" != "$(bytes "$device" $(($1 - 1024 + at)) "$ext4_descriptor")" ]; then
      if ! ext4_has_sums; then
        echo unknown
      elif ext4_descriptor_fits "$device" "$1" "$group"; then
        echo used
      fi
    fi
    group=$((group + 1))
  done
)

# metadata_end OFFSET: where the first group's table of inodes ends, by its kept
# descriptor. Up to there nothing is a file's.
metadata_end() {
  table=$(number "$device" $(($1 - 1024 + $(ext4_descriptors) + 8)) 4)
  inodes=$(number "$device" $(($1 + 40)) 4)
  echo $((table * ext4_block + inodes * $(number "$device" $(($1 + 88)) 2)))
}

# pieces_since_kept OFFSET METADATA-END: of each 32 KiB that are another, by the first
# sector that is.
pieces_since_kept() {
  at=32768
  while [ "$at" -lt "$head_bytes" ]; do
    raw "$device" "$at" 32768 >"$run/now"
    raw "$device" $(($1 - 1024 + at)) 32768 >"$run/kept"
    if [ "$(cat "$run/now" "$run/kept" | wc -c)" -ne 65536 ]; then
      echo unknown
    elif ! cmp -s "$run/now" "$run/kept"; then
      cmp -l "$run/now" "$run/kept" | sign_of_sector $((at < $2 ? $2 - at : 0))
    fi
    at=$((at + 32768))
  done
  rm -f "$run/now" "$run/kept"
}

# sign_of_sector END: the first of what cmp -l prints. Of 512 bytes of noise two are as
# before by chance, and 221 are different ones, as not of a bitmap. Behind END noise may
# as well be a file's; and zeros are nobody's.
sign_of_sector() {
  awk -v end="$1" '
    { at = int(($1 - 1) / 512) }
    NR > 1 && at != sector { exit }
    { sector = at; differ++; if ($2 != 0) written = 1; if (!seen[$2]++) values++ }
    END {
      if (!written) print "wiped"
      else if (differ < 480) print "used"
      else print (sector * 512 < end && values > 128 ? "torn" : "noise")
    }'
}
