# shellcheck shell=sh
# From the bootloader into a root. Every mount target below is a plain
# directory: ChromeOS kernels refuse to mount through a symlink, so a root that
# has one there is refused with its name.

newroot=/newroot

mount_root() {
  mkdir -p "$newroot"
  if ! mount -t ext4 -o rw,noatime "$root_device" "$newroot"; then
    fail "$root_device (\"$root_name\") does not mount as ext4"
    return
  fi
  # -L: the link's target is a path of the new root, not of this one.
  if ! [ -x "$newroot/sbin/init" ] && ! [ -L "$newroot/sbin/init" ]; then
    umount "$newroot"
    fail "\"$root_name\" has no /sbin/init"
  fi
}

# target DIR: makes a directory of the new root ready to mount on.
target() {
  if [ -L "$newroot/$1" ]; then
    fail "/$1 of \"$root_name\" is a symlink, and this kernel mounts on none"
    return
  fi
  mkdir -p "$newroot/$1"
}

# start_root: does not return when all goes well. The old root stays reachable
# at /run/shimboot, with the log.
start_root() {
  for dir in dev proc sys run; do
    target "$dir" || return
  done
  mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs "$newroot/run" || fail "mounting /run" || return
  mkdir "$newroot/run/shimboot" || return
  for dir in dev proc sys; do
    mount --move "/$dir" "$newroot/$dir" || fail "moving /$dir" || return
  done
  cd "$newroot" || return
  pivot_root . run/shimboot || fail "pivot_root" || return
  # Our programs are below the old root now; the new one gets a clean start.
  exec run/shimboot/shimboot/bin/busybox chroot . \
    run/shimboot/shimboot/bin/busybox env -i TERM="$TERM" HOME=/ PATH=/sbin:/bin:/usr/sbin:/usr/bin \
    /sbin/init
}
