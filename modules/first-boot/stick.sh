# shellcheck shell=sh
# Where this system was started from, by the kernel's own account: other disks
# (the Chromebook's own among them) have partitions of the same names.

: "${sys:=/sys}" "${dev:=/dev}"

# root_device: the block device that / is on, "sda4" or "dm-0".
root_device() {
  numbers=$(mountpoint -d "${root:-/}") &&
    basename "$(readlink -f "$sys/dev/block/$numbers")"
}

# root_partition: the same, or what it is in when it is encrypted: "sda4".
root_partition() {
  partition=$(root_device) || return
  for below in "$sys/class/block/$partition/slaves"/*; do
    [ ! -e "$below" ] || partition=${below##*/}
  done
  echo "$partition"
}

# disk_of PARTITION: "sda". Fails for what is no partition.
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
