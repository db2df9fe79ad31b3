# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# A root whose encryption was cut off: sda4, an ext4 with its beginning kept at its end.
# shellcheck disable=SC2034,SC2154,SC2317 # for the tests
. "$here/fixture.sh"
entry_name=nixos entry_partition=sda4 entry_id=A passphrase=secret
uuid=11111111-2222-4333-8444-555555555555
has_cryptsetup() { :; }
mount_root() { :; }
leave_root() { :; }
asked_for() { :; }
save_log() { :; }
echo "kern_guid=k" >"$proc/cmdline"
cat >"$run/partitions" <<'TABLE'
sda sda2 k KERN-A
sda sda4 A shimboot_rootfs:nixos
TABLE

# ext4 BLOCKS SECTORS
ext4() {
  make_ext4 "$dev/sda4" "$1" $(($2 * 512))
}
# listed: what its entry says.
listed() {
  root_entries sda4 X sda4 | cut -d ' ' -f 3
}
# head_of: its first 16 MiB, to compare.
head_of() {
  head -c 16777216 "$dev/sda4" | sha256sum
}
# luks2 OFFSET BYTES UUID: the start of a header or of its copy.
luks2() {
  plant "$dev/sda4" "$1" "$2"
  printf '%s' "$3" | dd of="$dev/sda4" bs=1 seek=$(($1 + 168)) conv=notrunc 2>/dev/null
}
# left_over: kept was a beginning that differs a little from what is there.
left_over() {
  if ! [ -e left-over ]; then
    ext4 1024 $((48 * 2048))
    save_head sda4 "$uuid"
    plant "$dev/sda4" 8000000 fafafafafa
    mv "$dev/sda4" left-over
  fi
  cp left-over "$dev/sda4"
}
# without_front: a superblock and a header are gone.
without_front() {
  zeros 4096 | dd of="$dev/sda4" conv=notrunc 2>/dev/null
}
# leaves WHAT: f does, whatever is answered.
leaves() {
  sum=$(head_of)
  (check_root) 2>/dev/null
  equal "f leaves $1" "$(head_of)" "$sum"
}
