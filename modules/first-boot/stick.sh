# shellcheck shell=sh
# Where this system was started from, by the kernel's own account: other disks
# (the Chromebook's own among them) have partitions of the same names.

: "${sys:=/sys}" "${dev:=/dev}"

# root_partition: the block device that / is on, "sda4".
root_partition() {
  numbers=$(mountpoint -d "${root:-/}") &&
    basename "$(readlink -f "$sys/dev/block/$numbers")"
}

# disk_of PARTITION: "sda". Fails for what is no partition (a LUKS mapping).
disk_of() {
  [ -e "$sys/class/block/$1/partition" ] &&
    basename "$(dirname "$(readlink -f "$sys/class/block/$1")")"
}

# number_of PARTITION: "4"
number_of() {
  cat "$sys/class/block/$1/partition"
}

# sibling DISK NAME: the partition of a disk with that GPT name.
sibling() {
  for uevent in "$sys/class/block/$1"/*/uevent; do
    if grep -qxF "PARTNAME=$2" "$uevent"; then
      sed -n 's/^DEVNAME=//p' "$uevent"
      return
    fi
  done
  return 1
}
