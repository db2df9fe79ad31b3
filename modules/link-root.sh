#!/bin/sh
# Makes /dev/shimboot-root a link to the device that / is on, by the kernel's own
# account: link-root.sh, with stick.sh in $first_boot. Two sticks of
# one image have the same names and GUIDs, so none of these says which it is.
set -eu
# shellcheck source=modules/first-boot/stick.sh
. "${first_boot:?}/stick.sh"

if device=$(root_device) && [ -b "${dev:?}/$device" ]; then
  ln -sfn "$device" "$dev/shimboot-root"
else
  # As while a system is being installed or built in another.
  echo "shimboot: / is on no block device: /dev/shimboot-root stays as it is" >&2
fi
