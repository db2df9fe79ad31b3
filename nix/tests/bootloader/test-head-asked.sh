# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# The beginning of a root that is not put back unasked: when key f does.
# shellcheck disable=SC2034,SC2154,SC2317
. "$here/heads.sh"

left_over
without_front
plant "$dev/sda4" 8000000 0000000000
(check_root) 2>/dev/null
equal "f puts it back" "$(listed) $(bytes "$dev/sda4" 8000000 5)" "unencrypted 0000000000"

# With a checksum a torn superblock is known. In front of a kept one it is as that one,
# up to where it is torn, if nobody has used it.
ext4_with_a_sum() {
  ext4 1024 $((48 * 2048))
  plant "$dev/sda4" 1124 00040000
  # shellcheck disable=SC2046 # a word each
  le32 "$(crc32c $((0xffffffff)) $(decimal "$dev/sda4" 1024 1020))" | dd of="$dev/sda4" bs=4 seek=511 conv=notrunc 2>/dev/null
}
# Where anything else is, it is not torn, be nothing in front or a torn superblock.
for front in nothing broken; do
  ext4_with_a_sum
  save_head sda4 "$uuid"
  case $front in
    broken) plant "$dev/sda4" 1536 ff ;;
    nothing) without_front ;;
  esac
  device=$dev/sda4
  is_torn() {
    held=$(contents "$device")
    [ "$(lost_head sda4)" = torn ]
  }
  holds "$front alone" is_torn
  beside_it() { fails "$front and $1" is_torn; }
  beside "$device" beside_it
done
left_over
without_front
plant "$dev/sda4" 8000000 0000000000
plant "$dev/sda4" 4086 53574150535041434532
leaves "a swap"

for used in no yes; do
  ext4_with_a_sum
  save_head sda4 "$uuid"
  plant "$dev/sda4" 8000000 fafafafafa
  [ "$used" = no ] || plant "$dev/sda4" 1068 01
  plant "$dev/sda4" 1536 ff
  equal "a torn superblock" "$(contents "$dev/sda4")" ext4-broken
  if [ "$used" = no ]; then
    (check_root) 2>/dev/null
    equal "f puts back what is behind it too" "$(listed) $(bytes "$dev/sda4" 8000000 5)" "unencrypted 0000000000"
  else
    leaves "one that was used since"
  fi
done

# Where the menu does not put it back by itself, f does before it looks at an ext4: the
# superblock is the last that is written over.
left_over
asked_for() { echo "asked for $1" >>asked; }
rm -f asked
(check_root) 2>/dev/null
equal "after two questions" "$(tr '\n' ';' <asked) $(bytes "$dev/sda4" 8000000 5)" "asked for repair;asked for restore; 0000000000"
for answers in none one; do
  left_over
  case $answers in
    none) asked_for() { return 1; } ;;
    one) asked_for() { [ "$1" = repair ]; } ;;
  esac
  leaves "what it was not asked for twice, with $answers"
done
asked_for() { :; }
left_over
without_front
plant "$dev/sda4" 0 4c554b53babe0001
leaves "a LUKS1"
luks2 0 4c554b53babe0002 99999999-2222-4333-8444-555555555555
leaves "another LUKS2"
left_over
plant "$dev/sda4" 1024 ff
plant "$dev/sda4" 1128 aa
leaves "another ext4, broken"

# Where the whole superblock is lost: f puts the beginning back if a header was begun, or
# nothing is another, and goes by a copy if the ext4 was used. Else nobody can tell.
# noise SECTOR
noise() {
  # shellcheck disable=SC2059 # octal codes
  printf "$(awk 'BEGIN { for (i = 0; i < 512; i++) printf "\\%03o", (i * 7 + 3) % 256 }')" |
    dd of="$dev/sda4" bs=512 seek="$1" conv=notrunc 2>/dev/null
}
blocks=$((160 * 256))
for since in nothing header wiped no-journal far-journal far-leaf \
  inode inode-of-noise journal deep-journal depth \
  descriptor meta-bg bitmap file both unwritable no-table header-alone inode-alone; do
  ext4 "$blocks" $((192 * 2048))
  plant "$dev/sda4" 1024 20000000
  plant "$dev/sda4" 1112 0001     # an inode has 256 bytes,
  plant "$dev/sda4" 4104 60090000 # the table begins in block 2400 and ends behind 9834495
  plant "$dev/sda4" 1292 0af3     # the journal is in block 6000
  plant "$dev/sda4" 1312 70170000
  plant "$dev/sda4" 24576000 c03b3998
  plant "$dev/sda4" 9000000 0123456789
  case $since in
    no-journal) plant "$dev/sda4" 24576000 c03b3999 && plant "$dev/sda4" 24576031 01 ;;
    far-journal) plant "$dev/sda4" 1310 0100 && plant "$dev/sda4" 24576031 01 ;;
    depth) plant "$dev/sda4" 1298 0600 ;;
    deep-journal | far-leaf)
      plant "$dev/sda4" 1298 01000000000000000000 # its extents are in block 5900
      plant "$dev/sda4" 1308 0c1700000000ffff
      plant "$dev/sda4" 24166400 0af30100540100000000000000000000000001000000
      plant "$dev/sda4" 24166418 000070170000
      plant "$dev/sda4" 24576031 01
      [ "$since" = deep-journal ] || plant "$dev/sda4" 1312 0100
      ;;
    meta-bg) plant "$dev/sda4" 1120 10 ;;
    no-table) plant "$dev/sda4" 4104 00000000 ;;
  esac
  case $since in *-alone) ;; *)
    dd if="$dev/sda4" of="$dev/sda4" bs=1024 skip=1 seek=131072 count=1 conv=notrunc 2>/dev/null
    plant "$dev/sda4" 134217818 0100 # in group 1
    ;;
  esac
  before=$(head_of)
  save_head sda4 "$uuid"
  zeros 1024 | dd of="$dev/sda4" bs=1024 seek=1 conv=notrunc 2>/dev/null
  case $since in
    header | header-alone | no-journal | far-* | no-table | unwritable) noise 19207 ;; # the last of the table
  esac
  case $since in
    bitmap) zeros 512 | tr '\000' '\377' | dd of="$dev/sda4" bs=512 seek=15625 conv=notrunc 2>/dev/null ;;
    wiped) noise 15625 && plant "$dev/sda4" 9000000 0000000000 ;;
    descriptor) plant "$dev/sda4" 4110 01 ;;
    inode | inode-alone)
      plant "$dev/sda4" 9000002 ff
      noise 17579 # a file, where this were no table
      ;;
    inode-of-noise) noise 17578 && plant "$dev/sda4" 8999936 "$(zeros 33 | od -An -v -tx1 | tr -d ' \n')" ;;
    journal) plant "$dev/sda4" 24576031 01 ;;
    file) noise 19208 ;;
    both) noise 15625 && plant "$dev/sda4" 9000002 ff ;;
    unwritable) mkdir "$run/now" ;;
  esac
  case $since in *-alone) want=nothing ;; *) want=ext4-copy ;; esac
  equal "lost" "$(contents "$dev/sda4")" "$want"
  rm -f "$run/notices"
  case $since in
    nothing | header | header-alone | wiped | no-journal | far-journal | far-leaf)
      (check_root) 2>/dev/null
      equal "f puts it back ($since)" "$(head_of)" "$before"
      ;;
    inode | inode-of-noise | journal | deep-journal | depth)
      leaves "one that was used since, and has lost its superblock ($since)"
      holds "$since: a copy is looked for" grep -q "no copy of its own superblock that nobody could mistake" "$run/notices"
      ;;
    *)
      leaves "where nobody can tell ($since)"
      holds "$since: said" grep -q "may have been used since its beginning was kept" "$run/notices"
      ;;
  esac
  case $since in nothing | header* | wiped | no-journal | far-*) ;; *)
    holds "$since: where it is" grep -q "its beginning is also in 32768 sectors from 360448" "$run/notices"
    ;;
  esac
  rm -rf "$run/now"
done
