# shellcheck shell=sh
# From the bootloader into a root. Every mount target below is a plain
# directory: ChromeOS kernels refuse to mount through a symlink, so a root that
# has one there is refused with its name.

newroot=/newroot

# mount_root: mounts the root and makes sure that its init will run, as there
# is no way back after start_root.
mount_root() {
  mkdir -p "$newroot"
  if ! mount -t ext4 -o rw,noatime "$root_device" "$newroot"; then
    fail "$root_device (\"$root_name\") does not mount as ext4"
    return
  fi
  check_init || {
    leave_root
    return 1
  }
}

check_init() {
  init=$(in_root /sbin/init) && [ -f "$newroot$init" ] && [ -x "$newroot$init" ] ||
    fail "\"$root_name\" has no /sbin/init that can be run" || return
  interpreter=$(sed -n '1s/^#! *\([^ ]*\).*/\1/p' "$newroot$init" | tr -d '\000')
  if [ -n "$interpreter" ]; then
    init=$(in_root "$interpreter") ||
      fail "\"$root_name\" lacks $interpreter, which its /sbin/init is written for" || return
  fi
  [ "$(machine "$newroot$init")" = "$(machine /shimboot/bin/busybox)" ] ||
    fail "/sbin/init of \"$root_name\" is for another kind of processor"
}

# machine FILE: the ELF header's e_machine.
machine() {
  hexdump -s 18 -n 2 -e '1/2 "%04x"' "$1"
}

# in_root PATH: prints where PATH leads in the new root, whose absolute links
# start at that root and not at this one. Fails when nothing is there.
in_root() {
  rest=$1
  at=
  links=0
  while [ -n "$rest" ]; do
    rest=${rest#/}
    name=${rest%%/*}
    case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
    esac
    case $name in
      '' | .) continue ;;
      ..)
        at=${at%/*}
        continue
        ;;
    esac
    if ! [ -L "$newroot$at/$name" ]; then
      at=$at/$name
      continue
    fi
    links=$((links + 1))
    [ "$links" -le 40 ] || return 1
    link=$(readlink "$newroot$at/$name")
    case $link in /*) at= ;; esac
    rest=$link/$rest
  done
  [ -e "$newroot$at" ] && echo "$at"
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

# leave_root: undoes as much of mount_root and start_root as was done.
leave_root() {
  cd /
  for dir in sys proc dev; do
    mount --move "$newroot/$dir" "/$dir" 2>/dev/null
  done
  umount "$newroot/run" 2>/dev/null
  umount "$newroot"
}
