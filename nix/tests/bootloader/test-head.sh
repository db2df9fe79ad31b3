# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# The beginning of a root that is being encrypted: kept, put back unasked, forgotten.
# shellcheck disable=SC2034,SC2154,SC2317
. "$here/heads.sh"

# It is put back when the header could not be made, or when the power was cut while it
# was.
ext4 1024 $((48 * 2048))
plant "$dev/sda4" 100000 0123456789abcdef
plant "$dev/sda4" 4000000 fedcba9876543210
before=$(head_of)
mkdir -p "$proc/sys/kernel/random"
echo "$uuid" >"$proc/sys/kernel/random/uuid"
# What of the header is written before the end: MIDDLE.
cryptsetup() {
  [ "$1" = reencrypt ] || return 1
  dd if="$dev/sda4" of="$dev/sda4" bs=1M seek="${moved:-32}" count=16 conv=notrunc 2>/dev/null
  uuid=$(echo "$*" | sed 's/.*--uuid //; s/ .*//')
  case $middle in
    nothing) ;;
    sector) luks2 0 4c554b53babe0002 "$uuid" ;;
    copy)
      without_front
      luks2 16384 534b554cbabe0002 "$uuid"
      ;;
    torn)
      without_front
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
    equal "$how, $middle" "$(listed)" unencrypted
    equal "$how, $middle: as before" "$(head_of)" "$before"
  done
done
equal "the mark is gone" "$(head_kept sda4)" ""

# What was made there since is no business of ours, unless we are asked.
# stays WHAT ENTRY
stays() {
  sum=$(head_of)
  equal "$1" "$(listed)" "$2"
  equal "$1: as it is" "$(head_of)" "$sum"
}
left_over
plant "$dev/sda4" 1068 01
stays "an ext4 that was used" unencrypted
left_over
without_front
plant "$dev/sda4" 0 4c554b53babe0001
stays "a LUKS1" encrypted
luks2 0 4c554b53babe0002 99999999-2222-4333-8444-555555555555
stays "another LUKS2, cut off" encrypted-both
without_front
plant "$dev/sda4" 8000000 0000000000
stays "who knows" holds:nothing
left_over
echo "sdb sdb2 k KERN-A" >>"$run/partitions"
luks2 0 4c554b53babe0002 "$uuid"
stays "with a copy beside it" holds:ext4+LUKS
sed -i '/^sdb sdb2/d' "$run/partitions"
# Neither is anything else beside it, in front of which an ext4 or a part of the header
# that was begun may still be.
left_over
plant "$dev/sda4" 65600 5f42485266535f4d
stays "a btrfs" holds:ext4+btrfs
for front in ext4 header copy; do
  left_over
  case $front in
    header) luks2 0 4c554b53babe0002 "$uuid" ;;
    copy) without_front && luks2 16384 534b554cbabe0002 "$uuid" ;;
  esac
  holds "$front alone" head_saved sda4
  beside_it() { fails "$front and $1" head_saved sda4; }
  beside "$dev/sda4" beside_it LUKS
done
left_over
stays_kept() {
  outdate_head sda4
  equal "the mark stays beside $1" "$(head_kept sda4)" "$uuid"
}
beside "$dev/sda4" stays_kept

# The partition was made larger between the power cut and the next start: the end
# is another one, and where it was says the file system, or a copy of its
# superblock where cryptsetup has written over the first.
blocks=$((160 * 256)) moved=176
for middle in nothing sector copy torn; do
  ext4 "$blocks" $((192 * 2048))
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
  sized "$dev/sda4" $((205 * 1048576))
  equal "grown, $middle" "$(listed)" unencrypted
  equal "grown, $middle: as before" "$(head_of)" "$before"
  equal "grown, $middle: the mark is gone" "$(head_kept sda4)" ""
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
ext4 "$blocks" $((192 * 2048))
plant "$dev/sda4" 1024 20000000
(power_cut && begin_encryption) >/dev/null
head -c $((180 * 1024 * 1024)) "$dev/sda4" >smaller
mv smaller "$dev/sda4"
equal "made smaller" "$(head_kept sda4)" ""
