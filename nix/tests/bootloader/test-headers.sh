# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Which of the two headers of a LUKS2 is broken. The check bootloader-luks has
# those that cryptsetup writes.
# shellcheck disable=SC2034,SC2154,SC2317
. "$here/fixture.sh"
entry_name=nixos entry_partition=sda4 entry_id=A

# be64 NUMBER: in hexadecimal.
be64() { printf '%016x' "$1"; }

# header OFFSET MAGIC SIZE NUMBER: whole, with something in its second half.
header() {
  zeros "$3" | dd of="$dev/sda4" bs=4096 seek=$(($1 / 4096)) conv=notrunc 2>/dev/null
  plant "$dev/sda4" "$1" "${2}0002$(be64 "$3")$(be64 "$4")"
  plant "$dev/sda4" $(($1 + 256)) "$(be64 "$1")"
  plant "$dev/sda4" $(($1 + 5000)) 7b7d
  plant "$dev/sda4" $(($1 + 448)) "$(raw "$dev/sda4" "$1" "$3" | sha256sum | cut -d ' ' -f 1)"
}
# headers SIZE FIRST-NUMBER SECOND-NUMBER
headers() {
  rm -f "$dev/sda4"
  dd if=/dev/zero of="$dev/sda4" bs=1 seek=9000000 count=0 2>/dev/null
  header 0 4c554b53babe "$1" "$2"
  header "$1" 534b554cbabe "$1" "$3"
}
# broken WHAT WANT
broken() {
  equal "$1" "$(contents "$dev/sda4") $(broken_header "$dev/sda4")" "LUKS $2"
}

for size in 16384 32768 1048576 4194304; do
  headers "$size" 7 7
  broken "$size: both" ""
  plant "$dev/sda4" 5000 00
  broken "$size: what is in the first" first
  headers "$size" 7 7
  plant "$dev/sda4" 8 00000000ffffffff
  broken "$size: the first's size" first
  headers "$size" 7 7
  plant "$dev/sda4" $((size + 5000)) 00
  broken "$size: what is in the second" second
  headers "$size" 7 7
  plant "$dev/sda4" "$size" 00
  broken "$size: the second's magic number" second
  plant "$dev/sda4" 5000 00
  broken "$size: both are broken, as cryptsetup will say" ""
done
headers 16384 7 9
broken "the first is older" first
headers 16384 9 7
broken "the second is older" second
headers 16384 7 7
plant "$dev/sda4" 6 0001
broken "a LUKS1 over an older LUKS2" ""

# In the menu, and by key f: that header alone, after two questions.
has_cryptsetup() { :; }
save_log() { :; }
asked_for() { echo "asked for $1" >>calls; }
cryptsetup() {
  echo "$*" >>calls
  headers 16384 7 7
}
for which in first second; do
  headers 16384 7 7
  [ "$which" = first ] && at=5000 || at=$((16384 + 5000))
  plant "$dev/sda4" "$at" 00
  equal "entry" "$(root_entries sda4 A nixos)" "sda4 A encrypted-$which auto - - nixos"
  system=encrypted-$which id=A date=- version=-
  equal "menu" "$(entry_text)" "encrypted, its $which header is broken"
  cp "$dev/sda4" before
  : >calls
  (asked_for() { [ "$1" = repair ]; } && check_headers)
  equal "not after one" "$(cat calls)" ""
  check_headers
  equal "after two" "$(cat calls)" "asked for repair
asked for restore
repair --batch-mode $dev/sda4"
  equal "said" "$(tail -n 1 "$run/notices")" "the LUKS header of $dev/sda4 is restored"
done
plant "$dev/sda4" 5000 00
cryptsetup() { echo "no room" >&2; }
check_headers
equal "said" "$(tail -n 1 "$run/notices")" "error: the LUKS header of $dev/sda4 could not be restored: no room"
plant "$dev/sda4" 65600 5f42485266535f4d
: >calls
fails "a btrfs" check_headers
equal "not asked" "$(cat calls)" ""
