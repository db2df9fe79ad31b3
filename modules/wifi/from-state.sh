#!/bin/sh
# Reads wifi-credentials.json from the STATE partition of the stick that this
# system runs from: from-state.sh DIRECTORY, with import.sh beside it and
# stick.sh in $first_boot.
#
# Anybody may have written STATE, so it is mounted for this service alone (its
# mount namespace ends with it), and import.sh follows no link on it.
set -eu
here=$(dirname "$0")
# shellcheck source=modules/first-boot/stick.sh
. "${first_boot:?}/stick.sh"
: "${mounted:=/run/shimboot-state}"

# mount_state PARTITION: as one of the two that it may be (docs/bootloader.md). Of
# an ext4 the journal is left alone: replaying it would write; and it can ask for a
# panic at its faults.
mount_state() {
  mount -t vfat -o ro,nosuid,nodev,noexec "${dev:?}/$1" "$mounted" 2>/dev/null ||
    mount -t ext4 -o ro,noload,nosuid,nodev,noexec,errors=continue "${dev:?}/$1" "$mounted" 2>/dev/null || {
    echo "wifi: STATE ($1) is neither a FAT nor an ext4 that mounts: no networks are read from it" >&2
    exit 1
  }
}

if ! disk=$(disk_of "$(root_partition)") || ! state=$(sibling "$disk" STATE); then
  echo "wifi: this root has no STATE partition beside it" >&2
  exit
fi
mkdir -p "$mounted"
mount_state "$state"
trap 'umount "$mounted"' EXIT
if [ -e "$mounted/wifi-credentials.json" ] || [ -L "$mounted/wifi-credentials.json" ]; then
  sh "$here/import.sh" "$mounted/wifi-credentials.json" "$1"
fi
