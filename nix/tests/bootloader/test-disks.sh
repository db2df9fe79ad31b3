# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Finding partitions, our own disk, and roots.
# shellcheck disable=SC2030,SC2031,SC2154
. "$here/fixture.sh"

# gpt DISK: a table whose second and fourth entries have GUIDs, the way they lie
# on a disk: the first three groups are little-endian.
gpt() {
  {
    dd if=/dev/zero bs=512 count=1
    printf 'EFI PART'
    dd if=/dev/zero bs=1 count=64
    printf '\002\000\000\000\000\000\000\000'
    dd if=/dev/zero bs=1 count=$((512 - 80 + 128))
    entry "\\$1"
    dd if=/dev/zero bs=1 count=128
    entry '\277'
    dd if=/dev/zero bs=1 count=$((124 * 128))
  } 2>/dev/null >"$dev/$2"
}
# entry BYTE: one whose GUID ends in that byte.
entry() {
  printf 'typetypetypetype\001\002\003\004\005\006\007\010\021\022\023\024\025\026\027%b' "$1"
  dd if=/dev/zero bs=1 count=96
}
ours=04030201-0605-0807-1112-1314151617aa

equal "no table" "$(echo nothing >"$dev/sdz" && gpt_guids sdz)" ""
gpt 252 sda
equal "GUIDs" "$(gpt_guids sda)" "2 $ours
4 04030201-0605-0807-1112-1314151617bf"

for name in sda:4:sda mmcblk0p:4:mmcblk0 nvme0n1p:12:nvme0n1 vdb:3:vdb; do
  number=${name#*:}
  disk_of "${name%%:*}${number%:*}" "${number%:*}"
  equal "disk of $name" "$disk" "${number#*:}"
done

# Our own disk is not the first one, its root not the first by name.
gpt 253 mmcblk0
partition mmcblk0 mmcblk0p4 4 "shimboot_rootfs:arch"
partition sda sda1 1 STATE
partition sda sda2 2 KERN-A
partition sda sda4 4 "shimboot_rootfs:my  own nixos"
partition sdb sdb1 1 "shimboot_rootfs:before"
partition sdb sdb2 2 "Windows (shimboot_rootfs:no)"
mkdir -p "$sys/class/block/sda"
printf 'DEVNAME=sda\nDEVTYPE=disk\n' >"$sys/class/block/sda/uevent"
echo "console=ttyS0 kern_guid=$ours root=PARTUUID=$ours/PARTNROFF=1" >"$proc/cmdline"
scan_partitions
equal "own disk" "$(own_disk)" sda
equal "STATE" "$(partition_named sda STATE)" sda1
equal "none there" "$(partition_named sdb STATE)" ""
equal "roots" "$(cat "$run/roots")" "sda4 04030201-0605-0807-1112-1314151617bf my  own nixos
mmcblk0p4 04030201-0605-0807-1112-1314151617bf arch
sdb1 sdb1 before"

# A copy of the disk: neither is ours, until the other is gone.
gpt 252 sdc
partition sdc sdc1 1 STATE
partition sdc sdc2 2 KERN-A
partition sdc sdc4 4 "shimboot_rootfs:my  own nixos"
loads=
load_state() { loads="$loads ($(own_disk))"; }
look_again
equal "which is ours" "$(own_disk)" ""
equal "said" "$(cat "$run/notices")" "error: these disks are copies of each other: sda sdc
Nothing starts by itself, and counts and logs are not kept. Unplug one of them and press s."
equal "both are first" "$(cut -d ' ' -f 1 "$run/roots" | tr '\n' ' ')" "sda4 sdc4 mmcblk0p4 sdb1 "
echo "sda4 X - auto - - my  own nixos" >"$run/entries"
start_readers() { exec 3</dev/null; }
stop_readers() { :; }
# The terminal is gone at once here: what matters is that no clock runs.
next_event() { event=none action="asked, clock: $left"; }
conf_timeout=0
menu
equal "nothing starts unasked" "$action" "asked, clock: "
mount_state() { echo written; }
fails "no STATE" with_state rw echo written
rm -r "$sys/class/block/sda4" "$sys/class/block/sda2" "$sys/class/block/sda1"
look_again
look_again
equal "the other is" "$(own_disk)$loads" "sdc (sdc)"
menu
equal "it starts" "$action" start
# Once it was started from, a copy that comes later changes nothing.
own_disk >"$run/own-disk"
partition sda sda1 1 STATE
partition sda sda2 2 KERN-A
partition sda sda4 4 "shimboot_rootfs:my  own nixos"
scan_partitions
equal "still" "$(own_disk)" sdc
rm "$run/own-disk"
# One that comes while the clock runs.
left=1 count=1 action=
count_down
equal "looked at again" "$action" rescan
rm -r "$sys/class/block/sdc1" "$sys/class/block/sdc2" "$sys/class/block/sdc4"
scan_partitions

echo "kern_guid=$(echo "$ours" | tr a-f A-F)" >"$proc/cmdline"
equal "capital letters" "$(own_disk)" sda
echo "kern_guid=.*" >"$proc/cmdline"
equal "no pattern" "$(own_disk)" ""
echo "quiet" >"$proc/cmdline"
equal "no kern_guid" "$(own_disk)" ""

# It is waited for, but not for ever, and no GUID is needed.
rm -r "$sys/class/block"/*
conf_wait=1
: >"$log"
wait_for "a disk with a root" root_found
equal "said" "$(sed 's/.*] //' "$log")" "waiting for a disk with a root (up to 1 s)
a disk with a root did not appear in 1 s"
partition vda vda1 1 "shimboot_rootfs:late"
wait_for "a disk with a root" root_found
equal "found" "$(cat "$run/roots")" "vda1 vda1 late"
