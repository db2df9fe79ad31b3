# shellcheck shell=sh
# Key f: mending a root, after a look at what it is. Nothing is written before a
# question was answered with a word.

# must_hold WORD DEVICE: that and nothing else; see contents.sh. Whatever writes
# to a device by itself asks this before.
must_hold() {
  held=$(contents "$2")
  [ "$held" = "$1" ] || fail "$2 holds $(in_words "$held"), and is left as it is"
}

# check_entry NUMBER: of an encrypted one the headers, where they need it, and else
# what is in it.
check_entry() {
  read_entry "$1" || return
  case $entry_system in
    encrypted-*) check_root ;;
    *) open_entry "$1" && check_root ;;
  esac
}

# check_root: of the chosen entry.
check_root() {
  device=$(root_device "$entry_partition")
  held=$(contents "$device")
  copy=
  case $(lost_head "$entry_partition")+$held in
    torn+*) restore_beginning ;;
    unknown+*) fail "$device holds $(in_words "$held"), may have been used since its beginning was kept, and is left as it is$(where_head_is)" ;;
    +ext4) check_ext4 ;;
    +ext4-broken | +ext4-copy) restore_superblock ;;
    +LUKS | +LUKS-copy) mend_headers ;;
    *) fail "f mends ext4; $device holds $(in_words "$held"), and is left as it is" ;;
  esac
  sed -i "/^$entry_id /d" "$run/failed" 2>/dev/null
  save_log
}

# check_ext4: by what its own superblock says.
check_ext4() {
  fits_its_partition || return
  say "looking at $device, which can take minutes; nothing is changed"
  if look; then
    if ! ext4_has_journal "$device"; then
      warn "$device has no errors"
      return
    fi
    say "$device has no errors outside of its journal, which has what is still to be written; it has $(number_of_files) files and directories"
  elif went_for_a_copy; then
    check_by_copy
    return
  elif grep -q 'has unsupported feature' "$run/fsck"; then
    fail "this e2fsck is too old for $device, which is left as it is"
    return
  else
    say "$device has errors; by its tables it has $(number_of_files) files and directories"
  fi
  if asked_for repair "Mending may lose some of them. To save them first, see key e."; then
    repair
  else
    left_alone
  fi
}

# fits_its_partition: e2fsck mends one that does not by cutting it off.
fits_its_partition() {
  ext4_superblock "$device" 1024
  is=$(size_of "$device") wants=$((ext4_blocks * ext4_block))
  [ "$wants" -le "$is" ] ||
    fail "$device has $((is / 1048576)) MiB, and its ext4 $((wants / 1048576)): make the partition that large again. It is left as it is"
}

# went_for_a_copy: e2fsck leaves the primary superblock also where the group
# descriptors behind it make no sense. (It has no other way to say so; a file's name
# is never at the beginning of a line.)
went_for_a_copy() {
  grep -q '^[^ ]*e2fsck: .*trying backup blocks' "$run/fsck"
}

# check_by_copy: by a copy of this ext4, not of one that was there before.
check_by_copy() {
  say "$device has no group descriptors that make sense: e2fsck goes by a copy of its superblock"
  choose_copy && restore_by_copy
}

# choose_copy: sets copy to e2fsck's options for a copy of this ext4's superblock. An
# older one, with blocks of another size, leaves copies that are whole: so it has the
# UUID that the first superblock still has, and is no larger, as one of the same image
# was that had grown; where the first is lost, what is behind it is of that UUID.
choose_copy() {
  copies=$(ext4_copies "$device" | while read -r block size uuid made; do
    if is_its_own "$block" "$size" "$uuid"; then echo "$block $size $uuid $made"; fi
  done)
  case $(echo "$copies" | awk 'NF && !seen[$3]++' | wc -l) in
    1) copy=$(echo "$copies" | awk 'NR == 1 { print "-b", $1, "-B", $2 }') && return ;;
    0) complaint="$device has no copy of its own superblock that nobody could mistake" ;;
    *) complaint="$device has copies of the superblocks of several ext4" ;;
  esac
  fail "$complaint, and is left as it is$(ext4_copies "$device" | sort -rn -k 4 | awk '
    !seen[$3]++ { printf "%s -b %s -B %s", count++ ? ", or" : ". On another computer e2fsck goes by one, and destroys the files where that is an older one'"'"'s; the newest first:", $1, $2 }')$(where_head_is)"
}

# where_head_is: of the chosen entry, where its beginning is kept.
where_head_is() {
  ! head_kept "$entry_partition" >/dev/null ||
    echo ". As it was when encrypting it was cut off, its beginning is also in $((head_bytes / 512)) sectors from $(head_place "$entry_partition")"
}

# is_its_own BLOCK BLOCKSIZE UUID: a copy there.
is_its_own() {
  if [ "$held" = ext4-copy ]; then
    ext4_has_descriptors "$device" $(($1 * $2))
  else
    [ "$3" = "$(ext4_uuid "$device" 1024)" ] &&
      [ "$(number "$device" $(($1 * $2 + 4)) 4)" -le "$(number "$device" 1028 4)" ]
  fi
}

# restore_superblock: of a copy there may be more than one opinion.
restore_superblock() {
  say "$device holds $(in_words "$held")"
  choose_copy || return
  say "e2fsck $copy $device can restore it from a copy; this is what it would do, without what its journal has:"
  look
  restore_by_copy
}

restore_by_copy() {
  ext4_superblock "$device" "$(copy_offset)"
  if asked_twice "The copy is of an ext4 of $((ext4_blocks * ext4_block / 1048576)) MiB. If anything else was on it since, all of that is lost."; then
    repair
  else
    left_alone
  fi
}

# look: what e2fsck would do. Sets status.
look() {
  # shellcheck disable=SC2086 # options
  e2fsck -f -n $copy "$device" >"$run/fsck" 2>&1
  status=$?
  note_lines '    ' <"$run/fsck"
  { head -n 4 "$run/fsck" && sed 1,4d "$run/fsck" | tail -n 10; } | show
  return "$status"
}

repair() {
  before=$(number_of_files)
  mend
  # By its own superblock from here.
  copy=
  # Where the journal has the superblock as well, e2fsck replays it, and ends with 4
  # (errors are left) and 8 (it could not go on).
  if [ "$held" != ext4 ] && [ $((status & 12)) -eq 12 ] && [ "$(contents "$device")" = ext4 ]; then
    mend
  fi
  tail -n 8 "$run/fsck" | show
  count="$before files and directories before, $(number_of_files) now"
  case $status in
    0 | 1 | 2) warn "$device has no errors left: $count" ;;
    *) warn "error: $device could not be repaired (e2fsck says $status; l: what it found): $count" ;;
  esac
}

# number_of_files: by the superblock, or its copy where there is one to go by.
number_of_files() {
  # shellcheck disable=SC2046 # none or one
  ext4_files "$device" $(copy_offset) || echo "an unknown number of"
}

# copy_offset: of the copy in bytes, or nothing.
copy_offset() {
  echo "$copy" | awk 'NF { printf "%.0f", $2 * $4 }'
}

# mend: by the superblock or its copy. Sets status.
mend() {
  # shellcheck disable=SC2086 # options
  e2fsck -f -y $copy "$device" >"$run/fsck" 2>&1
  status=$?
  note_lines '    ' <"$run/fsck"
}

# lost_head PARTITION: "torn" where its beginning is kept, and nothing was made there since
# that anybody knows; "unknown" where nobody can tell. Nothing where it is of no use.
lost_head() {
  ! unlocked "$1" || return 0
  if head_saved "$1"; then
    echo torn
  elif head_kept "$1" >/dev/null; then
    kept=$(kept_superblock "$1")
    case $held in
      ext4-broken) [ "$(bytes "$device" 1024 512)" != "$(bytes "$device" "$kept" 512)" ] || echo torn ;;
      ext4-copy) since_kept "$kept" | grep -v used ;;
      # There is no other way to have it back.
      nothing) since_kept "$kept" | sed 's/used/unknown/' ;;
    esac
  fi
}

# restore_beginning: see head.sh.
restore_beginning() {
  say "$device holds $(in_words "$held"). Encrypting it was cut off at the beginning; of that there is a copy at its end"
  if asked_twice "If anything else was made on it since, that is lost." &&
    restore_head "$entry_partition"; then
    warn "the beginning of $device is restored"
  else
    left_alone
  fi
}

# asked_twice WARNING: what cannot be had back wants two words.
asked_twice() {
  asked_for repair "$1" &&
    asked_for restore "This is the second question. What is on it now cannot be had back afterwards."
}

left_alone() {
  warn "$device was left as it is"
  return 1
}
