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
