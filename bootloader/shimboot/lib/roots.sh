# shellcheck shell=sh
# The roots: partitions whose GPT name starts with "shimboot_rootfs:". They are
# found through sysfs, so that any name and any kind of disk will do.

# Sticks can take this many seconds to show up.
root_wait=20

# list_roots: one line a root, "DEVICE NAME"; the name may have spaces.
list_roots() {
  for uevent in /sys/class/block/*/uevent; do
    [ -r "$uevent" ] || continue
    name=$(sed -n 's/^PARTNAME=shimboot_rootfs://p' "$uevent")
    [ -n "$name" ] || continue
    device=$(sed -n 's/^DEVNAME=//p' "$uevent")
    echo "/dev/$device $name"
  done
}

find_roots() {
  waited=0
  while roots=$(list_roots) && [ -z "$roots" ]; do
    if [ "$waited" -ge "$root_wait" ]; then
      fail "no partition is named shimboot_rootfs:NAME (waited $waited seconds)"
      return
    fi
    sleep 1
    waited=$((waited + 1))
  done
  echo "$roots" | while read -r device name; do
    say "found root \"$name\" on $device"
  done
}

# choose_root: the first by name; sets root_device and root_name.
choose_root() {
  chosen=$(echo "$roots" | sort -k 2 | head -n 1)
  root_device=${chosen%% *}
  root_name=${chosen#* }
  say "starting \"$root_name\""
}
