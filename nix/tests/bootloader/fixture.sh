# shellcheck shell=sh source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# What every test starts from: a made-up machine below the current directory,
# the bootloader's functions, and assertions.
# shellcheck disable=SC2034,SC2154 # for the files under test; $shimboot is run's

run=$PWD/run log=$PWD/log sys=$PWD/sys proc=$PWD/proc dev=$PWD/dev newroot=$PWD/root consoles=$PWD/screen
mkdir -p "$run" "$sys/class/block" "$sys/class/tty/console" "$proc/1" "$dev" "$newroot"
: >"$run/tries"
: >"$run/partitions"
: >"$run/roots"
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

# octal TEXT: as keys come.
octal() {
  printf '%s' "$1" | hexdump -v -e '/1 "%03o "'
}
