# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Which root is encrypted, which is to be, and what comes of a passphrase.
# shellcheck disable=SC2016,SC2034,SC2154
. "$here/fixture.sh"
entry_name=nixos entry_partition=sda4

# ext4 PARTITION BLOCKS SECTORS: a superblock of so many 4 KiB blocks, in a
# partition of so many sectors.
ext4() {
  {
    dd if=/dev/zero bs=1028 count=1
    printf '%b' "\\0$(printf '%03o' $(($2 % 256)))\\0$(printf '%03o' $(($2 / 256)))\\0\\0"
    dd if=/dev/zero bs=16 count=1
    printf '\002\000\000\000'
    dd if=/dev/zero bs=28 count=1
    printf '\123\357'
  } 2>/dev/null >"$dev/$1"
  mkdir -p "$sys/class/block/$1"
  echo "$3" >"$sys/class/block/$1/size"
}
own_disk() { echo sda; }
has_cryptsetup() { :; }
echo "sda sda4 A shimboot_rootfs:nixos" >"$run/partitions"
echo "sdb sdb4 B shimboot_rootfs:nixos" >>"$run/partitions"

ext4 sda4 1024 8192
equal "no room" "$(room_behind sda4) $(encryption sda4)" "0 none"
ext4 sda4 1024 73727
equal "a sector too few" "$(encryption sda4)" none
ext4 sda4 1024 73728
equal "room" "$(room_behind sda4) $(encryption sda4)" "33554432 due"
ext4 sdb4 1024 73728
equal "another disk's" "$(encryption sdb4)" none
dd if=/dev/urandom of="$dev/sda4" bs=1024 count=4 2>/dev/null
equal "no ext4" "$(room_behind sda4) $(encryption sda4)" "0 none"
: >"$dev/sda4"
equal "nothing" "$(room_behind sda4) $(encryption sda4)" "0 none"
ext4 sda4 1024 73728
has_cryptsetup() { return 1; }
equal "no cryptsetup" "$(encryption sda4)" none
printf 'LUKS\272\276\000\002' >"$dev/sda4"
equal "locked" "$(encryption sda4)" locked
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
