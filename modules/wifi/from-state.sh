#!/bin/sh
# Reads wifi-credentials.json from the STATE partition of the stick that this
# system runs from: from-state.sh DIRECTORY, with import.sh beside it and
# stick.sh in $first_boot.
set -eu
here=$(dirname "$0")
# shellcheck source=modules/first-boot/stick.sh
. "${first_boot:?}/stick.sh"
mounted=/run/shimboot-state

if ! disk=$(disk_of "$(root_partition)") || ! state=$(sibling "$disk" STATE); then
  echo "wifi: this root has no STATE partition beside it" >&2
  exit
fi
mkdir -p "$mounted"
mount -o ro,nosuid,nodev,noexec "${dev:?}/$state" "$mounted"
trap 'umount "$mounted"' EXIT
if [ -e "$mounted/wifi-credentials.json" ]; then
  sh "$here/import.sh" "$mounted/wifi-credentials.json" "$1"
fi
