# shellcheck shell=sh
# The two headers of a LUKS2, which are copies of each other: cryptsetup opens it
# by either without a word, and where it takes no locks, as here, leaves the other
# one as it is. One more fault then loses all.

# broken_header DEVICE: "first" or "second" where that one is not whole, or older
# than the other; "both" where neither is whole; "mixed" where they are of two LUKS;
# nothing where both are as they should be, or where there is but one (LUKS1).
broken_header() (
  [ "$(bytes "$1" 0 8)" != 4c554b53babe0001 ] || return 0
  numbers=$(header_numbers "$1")
  case $? in
    0) ;;
    2) echo mixed && return ;;
    *) echo both && return ;;
  esac
  # shellcheck disable=SC2086 # three words
  set -- $numbers
  if [ "$2" -lt "$3" ]; then
    echo first
  elif [ "$2" -gt "$3" ]; then
    echo second
  fi
)

# header_numbers DEVICE: of a LUKS2 "SIZE FIRST SECOND", the number of each header, or
# -1 where it is not whole. Fails with 1 where neither is, with 2 where they are of two
# LUKS, as far as what is left of one tells.
header_numbers() (
  if first=$(whole_header "$1" 0); then
    size=${first% *}
    second=$(whole_header "$1" "$size") || second="- -1"
  else
    first="- -1"
    second=$(second_header "$1") || return
    size=${second% *}
  fi
  if has_luks_magic "$1" 0 && has_luks_magic "$1" "$size"; then
    case "${first#* } ${second#* }" in
      *-1*) wrong=2 ;;
      *) wrong=0 ;;
    esac
    is_one_luks "$1" "$size" "$wrong" || return 2
  fi
  echo "$size ${first#* } ${second#* }"
)

# is_one_luks DEVICE SIZE WRONG: whether at most so many characters of the two headers'
# UUIDs differ: in a header that is not whole the UUID itself may be what is broken.
is_one_luks() {
  {
    bytes "$1" 168 36
    bytes "$1" $(($2 + 168)) 36
  } | awk -v wrong="$3" '
    { for (i = 1; i < 72; i += 2) differ += substr($0, i, 2) != substr($0, i + 72, 2) }
    END { exit differ > wrong }'
}

# has_luks_magic DEVICE OFFSET: of LUKS2.
has_luks_magic() {
  case $(bytes "$1" "$2" 8) in
    4c554b53babe0002 | 534b554cbabe0002) ;;
    *) return 1 ;;
  esac
}

# second_header DEVICE: where the first does not tell its size.
second_header() {
  at=16384
  while [ "$at" -le 4194304 ]; do
    ! whole_header "$1" "$at" || return 0
    at=$((at * 2))
  done
  return 1
}

# whole_header DEVICE OFFSET: the size and the number of the header there, which is
# one more each time that it is written. Fails where its checksum is another. (The
# format: LUKS2 On-Disk Format Specification, 2.1.)
whole_header() (
  has_luks_magic "$1" "$2" || return
  size=$(big_endian "$1" $(($2 + 8)))
  case $size in 16384 | 32768 | 65536 | 131072 | 262144 | 524288 | 1048576 | 2097152 | 4194304) ;; *) return 1 ;; esac
  [ "$(big_endian "$1" $(($2 + 256)))" = "$2" ] || return
  sum=$({
    raw "$1" "$2" 448
    dd if=/dev/zero bs=64 count=1 2>/dev/null
    raw "$1" $(($2 + 512)) $((size - 512))
  } | sha256sum)
  [ "$(bytes "$1" $(($2 + 448)) 32)" = "${sum%% *}" ] && echo "$size $(big_endian "$1" $(($2 + 16)))"
)

# big_endian DEVICE OFFSET: the number in eight bytes.
big_endian() {
  echo $((0x0$(bytes "$1" "$2" 8)))
}

# mend_headers: of the LUKS on $device, which is locked.
mend_headers() {
  case $(broken_header "$device") in
    first) restore_header first second ;;
    second) restore_header second first ;;
    both) fail "both LUKS headers of $device are broken: cryptsetup luksHeaderRestore of another computer restores them from a backup" ;;
    mixed) fail "$device has the headers of two LUKS, and is left as it is: cryptsetup goes by the one that was written more often, and on other computers makes the other one like it" ;;
    *) warn "$device has all its LUKS headers" ;;
  esac
}

# restore_header WHICH OTHER: cryptsetup has one of the two again by the other.
restore_header() {
  complaint="the $1 LUKS header of $device is lost or broken"
  has_cryptsetup || fail "$complaint, and this stick was made without cryptsetup: cryptsetup repair restores it from the $2" || return
  say "$complaint; cryptsetup repair $device restores it from the $2"
  asked_twice "If anything else was made on it since it was encrypted, that is lost." || left_alone || return
  # It restores one header by the other only where it can lock the device. The
  # disk says whether that is done: after it, it may want a passphrase for more.
  mkdir -p /run
  cryptsetup repair --batch-mode "$device" </dev/null 2>"$run/cryptsetup" >&2
  if [ "$(contents "$device")" = LUKS ] && [ -z "$(broken_header "$device")" ]; then
    warn "the LUKS header of $device is restored"
  else
    fail "the LUKS header of $device could not be restored: $(crypt_complaint)"
  fi
}
