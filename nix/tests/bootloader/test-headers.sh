# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Which of the two headers of a LUKS2 is broken. The check bootloader-luks has
# those that cryptsetup writes.
# shellcheck disable=SC2034,SC2154,SC2317
. "$here/fixture.sh"
entry_name=nixos entry_partition=sda4 entry_id=A
one=11111111-2222-4333-8444-555555555555 two=99999999-aaaa-4bbb-9ccc-dddddddddddd

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
  broken "$size: both" both
done
headers 16384 7 9
broken "the first is older" first
headers 16384 9 7
broken "the second is older" second
headers 16384 7 7
plant "$dev/sda4" 6 0001
broken "a LUKS1 over an older LUKS2" ""
header 0 4c554b53babe 16384 7 "$one"
header 16384 534b554cbabe 16384 7 "$two"
broken "of two LUKS" mixed
plant "$dev/sda4" 5000 00
broken "of two LUKS, one broken" mixed
plant "$dev/sda4" 5000 7b
plant "$dev/sda4" 21384 00
broken "of two LUKS, the other broken" mixed
for second in "$one first" "$two mixed"; do
  header 0 4c554b53babe 16384 7 "$one"
  header 16384 534b554cbabe 16384 7 "${second% *}"
  plant "$dev/sda4" 170 7f
  broken "a wrong byte in the first UUID, the second is ${second% *}" "${second#* }"
done
# Of one that is not whole the UUID may be what is broken: two of its characters.
while read -r second bytes want; do
  header 0 4c554b53babe 16384 7 "$one"
  header 16384 534b554cbabe 16384 7 "$second"
  plant "$dev/sda4" 16554 "$bytes"
  broken "$bytes in the UUID of the second, which is $second" "$want"
done <<UUIDS
$one 7f second
$one 7f7f second
$one 7f7f7f mixed
UUIDS
header 0 4c554b53babe 16384 7 "$one"
header 16384 534b554cbabe 16384 7 "${one%?}6"
broken "two that are whole, and of one character less" mixed
for gone in 0 16384; do
  headers 16384 7 7
  plant "$dev/sda4" $((gone + 168)) "$(printf '%s' "$one" | od -An -v -tx1 | tr -d ' \n')"
  plant "$dev/sda4" "$gone" 00
  equal "of one that is gone the UUID says nothing" "$(broken_header "$dev/sda4")" "$([ "$gone" = 0 ] && echo first || echo second)"
done
headers 16384 7 7
plant "$dev/sda4" $((16384 + 256)) "$(be64 0)"
plant "$dev/sda4" $((16384 + 448)) "$(zeros 64 | od -An -v -tx1 | tr -d ' \n')"
plant "$dev/sda4" $((16384 + 448)) "$(raw "$dev/sda4" 16384 16384 | sha256sum | cut -d ' ' -f 1)"
broken "whole, but of another place" second

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
  (asked_for() { [ "$1" = repair ]; } && check_root)
  equal "not after one" "$(cat calls)" ""
  check_root
  equal "after two" "$(cat calls)" "asked for repair
asked for restore
repair --batch-mode $dev/sda4"
  equal "said" "$(tail -n 1 "$run/notices")" "the LUKS header of $dev/sda4 is restored"
done
plant "$dev/sda4" 5000 00
cryptsetup() { echo "no room" >&2; }
check_root
equal "said" "$(tail -n 1 "$run/notices")" "error: the LUKS header of $dev/sda4 could not be restored: no room"
# A LUKS that nothing here restores is left as it is, and says why.
for which in both mixed copy; do
  case $which in
    both)
      headers 16384 7 7
      plant "$dev/sda4" 5000 00
      plant "$dev/sda4" 21384 00
      why="both LUKS headers of .* are broken: cryptsetup luksHeaderRestore"
      text="encrypted, its headers are broken"
      ;;
    mixed)
      header 0 4c554b53babe 16384 7 "$one"
      header 16384 534b554cbabe 16384 7 "$two"
      why="has the headers of two LUKS"
      text="encrypted, its headers are of two LUKS"
      ;;
    copy)
      plant "$dev/sda4" 0 00
      plant "$dev/sda4" 21384 00
      why="both LUKS headers of .* are broken: cryptsetup luksHeaderRestore"
      text="the copy of a LUKS header"
      ;;
  esac
  system=$(root_entries sda4 A nixos | cut -d ' ' -f 3)
  equal "menu, $which" "$(entry_text)" "$text"
  : >calls
  : >"$run/notices"
  (unlock_root() { echo "a passphrase" >>calls; } && echo "sda4 A $system - - - nixos" >"$run/entries" && check_entry 1)
  equal "$which: no passphrase is asked for" "$(cat calls)" ""
  : >"$run/notices"
  echo "sda4 A $system - - - nixos" >"$run/entries"
  check_entry 1
  holds "$which: said" grep -q "$why" "$run/notices"
  equal "$which: not asked" "$(cat calls)" ""
done
# What f does not restore is not said to be so when it is unlocked.
header 0 4c554b53babe 16384 7 "$one"
header 16384 534b554cbabe 16384 7 "$two"
rm -f "$run/notices"
cryptsetup() { :; }
passphrase=secret
open_root >/dev/null
fails "said" test -s "$run/notices"
headers 16384 7 7
plant "$dev/sda4" 65600 5f42485266535f4d
: >calls
check_root
equal "a btrfs" "$(tail -n 1 "$run/notices")" "error: f mends ext4; $dev/sda4 holds LUKS and btrfs, and is left as it is"
equal "not asked" "$(cat calls)" ""
