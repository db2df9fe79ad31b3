# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Which root is encrypted, which is to be, and what comes of a passphrase.
# shellcheck disable=SC2016,SC2034,SC2154,SC2317
. "$here/fixture.sh"
entry_name=nixos entry_partition=sda4

# ext4 PARTITION BLOCKS SECTORS
ext4() {
  make_ext4 "$dev/$1" "$2" $(($3 * 512))
}
# listed PARTITION: what its entry says.
listed() {
  root_entries "$1" X "$1" | cut -d ' ' -f 3
}
has_cryptsetup() { :; }
mount_root() { :; }
leave_root() { :; }
echo "kern_guid=k" >"$proc/cmdline"
cat >"$run/partitions" <<'END'
sda sda2 k KERN-A
sda sda4 A shimboot_rootfs:nixos
sdb sdb4 B shimboot_rootfs:nixos
END

ext4 sda4 1024 8192
equal "no room" "$(room_behind sda4) $(listed sda4)" "0 -"
ext4 sda4 1024 73727
equal "a sector too few" "$(listed sda4)" -
ext4 sda4 1024 73728
equal "room" "$(room_behind sda4) $(listed sda4)" "33554432 unencrypted"
ext4 sdb4 1024 73728
equal "another disk's" "$(listed sdb4)" -
echo "sdb sdb2 k KERN-A" >>"$run/partitions"
equal "a copy's, which may be ours" "$(listed sdb4)" unencrypted
zeros 65536 >"$dev/sda4"
equal "no ext4" "$(room_behind sda4) $(listed sda4)" "0 holds:nothing"
: >"$dev/sda4"
equal "nothing" "$(room_behind sda4) $(listed sda4)" "0 holds:nothing"
ext4 sda4 1024 73728
has_cryptsetup() { return 1; }
equal "no cryptsetup" "$(listed sda4)" -
printf 'LUKS\272\276\000\001' >"$dev/sda4"
equal "locked" "$(listed sda4)" encrypted
fails "without cryptsetup" unlock_root
equal "said" "$(cat "$run/notices")" 'error: "nixos" is encrypted, and this stick was made without cryptsetup (luks = true)'

# A cryptsetup that knows one passphrase and writes down what it is asked.
has_cryptsetup() { :; }
cryptsetup() {
  echo "$*" >>calls
  case $1 in
    luksDump) [ ! -e unfinished ] || echo '"mandatory": ["online-reencrypt-v2"]' ;;
    repair | open | reencrypt)
      [ "$(cat)" = secret ] || return 2
      [ ! -e broken ] || { echo "no such cipher" >&2 && return 1; }
      [ "$1" != reencrypt ] || rm unfinished
      ;;
  esac
}
# with PASSPHRASE: what comes of it, and the actions it took.
with() {
  rm -f calls "$run/notices"
  : >screen
  passphrase=$1
  open_root && echo open
  cut -d ' ' -f 1 calls | tr '\n' ' '
}
equal "right" "$(with secret)" "open
luksDump open "
equal "wrong" "$(with wrong)$(cat screen)" "luksDump open shimboot: this is not the passphrase"
: >unfinished
equal "wrong, and half encrypted" "$(with wrong)" "luksDump repair "
equal "half encrypted" "$(with secret)" "open
luksDump repair reencrypt luksDump open "
: >broken
equal "another reason" "$(with secret)$(cat "$run/notices")" 'luksDump open error: "nixos" could not be unlocked: no such cipher'
fails "not written down" grep -q secret calls "$log"

# Nothing is written where it could not be opened afterwards.
rm calls
fails "a kernel without it" encrypt_root
equal "said" "$(tail -n 1 "$run/notices")" 'error: "nixos" cannot be encrypted by this kernel: '
fails "not begun" grep -q reencrypt calls

# The beginning is put back when the header could not be made, or when the power
# was cut while it was.
rm broken
passphrase=secret
ext4 sda4 1024 $((48 * 2048))
plant "$dev/sda4" 100000 0123456789abcdef
plant "$dev/sda4" 4000000 fedcba9876543210
# head_of: of the first 16 MiB what differs.
head_of() { dd if="$dev/sda4" bs=1M count=16 2>/dev/null | hexdump; }
before=$(head_of)
mkdir -p "$proc/sys/kernel/random"
echo 11111111-2222-4333-8444-555555555555 >"$proc/sys/kernel/random/uuid"
# luks2 OFFSET BYTES UUID: the start of a header or of its copy.
luks2() {
  plant "$dev/sda4" "$1" "$2"
  printf '%s' "$3" | dd of="$dev/sda4" bs=1 seek=$(($1 + 168)) conv=notrunc 2>/dev/null
}
sed -i '/^sdb sdb2/d' "$run/partitions" # the copy is gone
# What of the header is written before the end: MIDDLE.
cryptsetup() {
  [ "$1" = reencrypt ] || return 1
  dd if="$dev/sda4" of="$dev/sda4" bs=1M seek="${moved:-32}" count=16 conv=notrunc 2>/dev/null
  uuid=$(echo "$*" | sed 's/.*--uuid //; s/ .*//')
  case $middle in
    nothing) ;;
    sector) luks2 0 4c554b53babe0002 "$uuid" ;;
    copy)
      zeros 4096 | dd of="$dev/sda4" conv=notrunc 2>/dev/null
      luks2 16384 534b554cbabe0002 "$uuid"
      ;;
    torn)
      zeros 4096 | dd of="$dev/sda4" conv=notrunc 2>/dev/null
      luks2 0 4c554b53babe0002 "$uuid"
      luks2 16384 534b554cbabe0002 "$uuid"
      ;;
  esac
  plant "$dev/sda4" 8000000 fafafafafa
  return 1
}
# power_cut: nothing is done any more.
power_cut() {
  forget_head() { :; }
  restore_head() { :; }
}
goes_wrong() { :; }
for how in goes_wrong power_cut; do
  for middle in nothing sector copy torn; do
    ("$how" && begin_encryption) >/dev/null
    equal "$how, $middle" "$(listed sda4)" unencrypted
    equal "$how, $middle: as before" "$(head_of)" "$before"
  done
done
equal "the mark is gone" "$(head_kept sda4)" ""

# What was made there since is no business of ours, unless we are asked.
uuid=$(cat "$proc/sys/kernel/random/uuid")
left_over() {
  ext4 sda4 1024 $((48 * 2048))
  save_head sda4 "$uuid"
  plant "$dev/sda4" 8000000 fafafafafa
}
# stays WHAT ENTRY
stays() {
  head_of >made
  equal "$1" "$(listed sda4)" "$2"
  equal "$1: as it is" "$(head_of)" "$(cat made)"
}
left_over
plant "$dev/sda4" 1068 01
stays "an ext4 that was used" unencrypted
left_over
plant "$dev/sda4" 65600 5f42485266535f4d
stays "a btrfs" holds:ext4+btrfs
left_over
zeros 4096 | dd of="$dev/sda4" conv=notrunc 2>/dev/null
plant "$dev/sda4" 0 4c554b53babe0001
stays "a LUKS1" encrypted
luks2 0 4c554b53babe0002 99999999-2222-4333-8444-555555555555
stays "another LUKS2, cut off" encrypted-both
zeros 4096 | dd of="$dev/sda4" conv=notrunc 2>/dev/null
plant "$dev/sda4" 8000000 0000000000
stays "who knows" holds:nothing
entry_id=A
asked_for() { :; }
save_log() { :; }
check_root
equal "f puts it back" "$(listed sda4)" unencrypted
# leaves WHAT: to f, whatever is answered.
leaves() {
  sum=$(head -c 16777216 "$dev/sda4" | sha256sum)
  (check_root) 2>/dev/null
  equal "f leaves $1" "$(head -c 16777216 "$dev/sda4" | sha256sum)" "$sum"
}
signatures >table
while read -r word offset magic; do
  left_over
  zeros 4096 | dd of="$dev/sda4" conv=notrunc 2>/dev/null
  plant "$dev/sda4" "$offset" "$magic"
  leaves "$word at $offset"
done <table
left_over
plant "$dev/sda4" 1024 ff
plant "$dev/sda4" 1128 aa
leaves "another ext4, broken"
# With a checksum a torn superblock is known. In front of a kept one it is as that one,
# up to where it is torn, if nobody has used it.
ext4_with_a_sum() {
  ext4 sda4 1024 $((48 * 2048))
  plant "$dev/sda4" 1124 00040000
  # shellcheck disable=SC2046 # a word each
  le32 "$(crc32c $((0xffffffff)) $(decimal "$dev/sda4" 1024 1020))" | dd of="$dev/sda4" bs=4 seek=511 conv=notrunc 2>/dev/null
}
for used in no yes; do
  ext4_with_a_sum
  save_head sda4 "$uuid"
  plant "$dev/sda4" 8000000 fafafafafa
  [ "$used" = no ] || plant "$dev/sda4" 1068 01
  plant "$dev/sda4" 1536 ff
  equal "a torn superblock" "$(contents "$dev/sda4")" ext4-broken
  if [ "$used" = no ]; then
    (check_root) 2>/dev/null
    equal "f puts back what is behind it too" "$(listed sda4) $(bytes "$dev/sda4" 8000000 5)" "unencrypted 0000000000"
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
zeros 4096 | dd of="$dev/sda4" conv=notrunc 2>/dev/null
plant "$dev/sda4" 0 4c554b53babe0001
leaves "a LUKS1"
luks2 0 4c554b53babe0002 99999999-2222-4333-8444-555555555555
leaves "another LUKS2"
left_over
echo "sdb sdb2 k KERN-A" >>"$run/partitions"
luks2 0 4c554b53babe0002 "$uuid"
stays "with a copy beside it" holds:ext4+LUKS

# The partition was made larger between the power cut and the next start: the end
# is another one, and where it was says the file system, or a copy of its
# superblock where cryptsetup has written over the first.
sed -i '/^sdb sdb2/d' "$run/partitions"
blocks=$((160 * 256)) moved=176
for middle in nothing sector copy torn; do
  ext4 sda4 "$blocks" $((192 * 2048))
  {
    le32 32 "$blocks" 0 0 16 0 2 0 32768 0 16 0 0
    zeros 4
    printf '\123\357'
    zeros 30
    le32 65536
  } | dd of="$dev/sda4" bs=4096 seek=32768 conv=notrunc 2>/dev/null
  equal "a copy" "$(ext4_copies "$dev/sda4" | cut -d ' ' -f 1-2)" "32768 4096"
  plant "$dev/sda4" 1024 20000000 # two groups
  plant "$dev/sda4" 100000 0123456789abcdef
  before=$(head_of)
  (power_cut && begin_encryption) >/dev/null
  dd if=/dev/zero of="$dev/sda4" bs=1M seek=205 count=0 2>/dev/null
  equal "grown, $middle" "$(listed sda4)" unencrypted
  equal "grown, $middle: as before" "$(head_of)" "$before"
  equal "grown, $middle: the mark is gone" "$(head_kept sda4)" ""
done
# Where the whole superblock is lost: f puts the beginning back if a header was begun, or
# nothing is another, and goes by a copy if the ext4 was used. Else nobody can tell.
# noise SECTOR
noise() {
  # shellcheck disable=SC2059 # octal codes
  printf "$(awk 'BEGIN { for (i = 0; i < 512; i++) printf "\\%03o", (i * 7 + 3) % 256 }')" |
    dd of="$dev/sda4" bs=512 seek="$1" conv=notrunc 2>/dev/null
}
for since in nothing header wiped no-journal far-journal far-leaf \
  inode inode-of-noise journal deep-journal depth \
  descriptor meta-bg bitmap file both unwritable no-table header-alone inode-alone; do
  ext4 sda4 "$blocks" $((192 * 2048))
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

# Whoever starts a root, or a shell in it, makes what is kept of no use; where the file
# system has grown over it, it is that one's.
entry_system=- entry="A -"
mount() { :; }
for who in enter_root rescue_in_root; do
  left_over
  (mount_root() { return 1; } && "$who") >/dev/null 2>&1
  equal "$who: not where it does not mount" "$(head_kept sda4)" "$uuid"
  ("$who") >/dev/null 2>&1
  equal "$who: forgotten" "$(head_kept sda4)" ""
  for blocks in 00200000 00300000; do # 32 MiB, which is up to the copy, and 48
    left_over
    plant "$dev/sda4" 1028 "$blocks"
    before=$(sha256sum "$dev/sda4")
    ("$who") >/dev/null 2>&1
    equal "$who: not within the file system" "$(sha256sum "$dev/sda4")" "$before"
  done
  left_over
  plant "$dev/sda4" 65600 5f42485266535f4d
  ("$who") >/dev/null 2>&1
  equal "$who: nor beside a btrfs" "$(head_kept sda4)" "$uuid"
done
mkdir -p "$dev/mapper"
make_ext4 "$dev/mapper/shimboot-sda4" 1024 $((48 * 1024 * 1024))
left_over
(enter_root) >/dev/null 2>&1
equal "nor in front of what is encrypted" "$(head_kept sda4)" "$uuid"
# (Of that, f looks at what is unlocked.)
e2fsck() { echo "$3" >>looked; }
(check_root) >/dev/null 2>&1
equal "f looks at it" "$(cat looked)" "$dev/mapper/shimboot-sda4"
rm "$dev/mapper/shimboot-sda4"
mount_root() { :; }

# A copy that its own ext4 would reach into is none.
left_over
plant "$dev/sda4" $((32 * 1024 * 1024 + 1028)) 00200000
equal "reaches into itself" "$(head_kept sda4)" ""

# One that was made smaller has not the whole copy: nothing of it is put back.
middle=sector
blocks=$((160 * 256)) moved=176
ext4 sda4 "$blocks" $((192 * 2048))
plant "$dev/sda4" 1024 20000000
(power_cut && begin_encryption) >/dev/null
head -c $((180 * 1024 * 1024)) "$dev/sda4" >smaller
mv smaller "$dev/sda4"
equal "made smaller" "$(head_kept sda4)" ""
