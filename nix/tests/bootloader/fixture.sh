# shellcheck shell=sh source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# What every test starts from: a made-up machine below the current directory,
# the bootloader's functions, and assertions.
# shellcheck disable=SC2034,SC2154 # for the files under test; $shimboot is run's

run=$PWD/run log=$PWD/log sys=$PWD/sys proc=$PWD/proc dev=$PWD/dev newroot=$PWD/root consoles=$PWD/screen
mkdir -p "$run" "$sys/class/block" "$sys/class/tty/console" "$proc/1" "$dev" "$newroot"
: >"$run/tries"
: >"$run/partitions"
: >"$run/roots"
: >"$proc/cmdline"
lib=$shimboot/lib
. "$lib/all.sh"
defaults

failures=0
trap '[ "$failures" -eq 0 ] || exit 1' EXIT

# equal WHAT GOT WANT
equal() {
  [ "$2" = "$3" ] && return
  printf '      %s:\n        got  %s\n        want %s\n' "$1" "$2" "$3"
  failures=$((failures + 1))
}

# holds WHAT COMMAND…; fails WHAT COMMAND…
holds() {
  what=$1
  shift
  "$@" || equal "$what" "failed" "success"
}
fails() {
  what=$1
  shift
  ! "$@" || equal "$what" "success" "failure"
}

# partition DISK PARTITION NUMBER NAME: as the kernel shows it.
partition() {
  mkdir -p "$sys/class/block/$2"
  printf 'MAJOR=8\nMINOR=4\nDEVNAME=%s\nDEVTYPE=partition\nPARTN=%s\nPARTNAME=%s\n' "$2" "$3" "$4" >"$sys/class/block/$2/uevent"
}

# le32 NUMBER…: each as four bytes, the lowest first.
le32() {
  for number; do
    printf '%b' "$(printf '\\0%03o' $((number & 255)) $((number >> 8 & 255)) $((number >> 16 & 255)) $((number >> 24 & 255)))"
  done
}

# zeros COUNT
zeros() {
  dd if=/dev/zero bs="$1" count=1 2>/dev/null
}

# sized FILE SIZE: has so many bytes; what is new is zeros.
sized() {
  dd if=/dev/zero of="$1" bs=1 seek="$2" count=0 2>/dev/null
}

# make_ext4 FILE BLOCKS SIZE: a file of that size that starts with an ext4's
# superblock of so many blocks of 4 KiB.
make_ext4() {
  {
    zeros 1024
    le32 16 "$2" 0 0 8 0 2 0 32768 0 16 0 0
    zeros 4
    printf '\123\357'
    zeros 966
  } >"$1"
  sized "$1" "$3"
  # The group's bitmap of blocks is somewhere.
  plant "$1" 4096 02
}

# plant FILE OFFSET BYTES: hexadecimal ones, over what is there.
plant() {
  # shellcheck disable=SC2059 # octal codes
  printf "$(printf '%s' "$3" | sed 's/../\\x&/g')" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# beside FILE CHECK [BUT]: CHECK WHAT, with each signature in FILE, one after the other
# and but for words that match BUT. FILE is as it was afterwards.
beside() {
  signatures | grep -v "^${3-none}" >"$run/beside"
  all=$(size_of "$1")
  while read -r word offset magic <&4; do
    case $offset in -*) offset=$((all + offset)) ;; esac
    was=$(bytes "$1" "$offset" $((${#magic} / 2)))
    plant "$1" "$offset" "$magic"
    "$2" "$word at $offset"
    plant "$1" "$offset" "$was"
  done 4<"$run/beside"
}

# be64 NUMBER: in hexadecimal.
be64() { printf '%016x' "$1"; }

# header OFFSET MAGIC SIZE NUMBER [UUID]: of a LUKS2 on sda4, whole, with something in its
# second half.
header() {
  zeros "$3" | dd of="$dev/sda4" bs=4096 seek=$(($1 / 4096)) conv=notrunc 2>/dev/null
  printf '%s' "${5-}" | dd of="$dev/sda4" bs=8 seek=$((($1 + 168) / 8)) conv=notrunc 2>/dev/null
  plant "$dev/sda4" "$1" "${2}0002$(be64 "$3")$(be64 "$4")"
  plant "$dev/sda4" $(($1 + 256)) "$(be64 "$1")"
  plant "$dev/sda4" $(($1 + 5000)) 7b7d
  plant "$dev/sda4" $(($1 + 448)) "$(raw "$dev/sda4" "$1" "$3" | sha256sum | cut -d ' ' -f 1)"
}
# headers SIZE FIRST-NUMBER SECOND-NUMBER: on an sda4 with nothing else.
headers() {
  rm -f "$dev/sda4"
  sized "$dev/sda4" 9000000
  header 0 4c554b53babe "$1" "$2"
  header "$1" 534b554cbabe "$1" "$3"
}

# octal TEXT: as keys come.
octal() {
  printf '%s' "$1" | hexdump -v -e '/1 "%03o "'
}
