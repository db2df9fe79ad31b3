# shellcheck shell=sh
# From the bootloader into a root, whose init finds /dev, /proc, /sys and a tmpfs
# on /run, and the bootloader's own tmpfs at /run/shimboot.

# entry_init: what the chosen entry starts.
entry_init() {
  case $entry_system in
    *[!0-9]*) echo /sbin/init ;;
    *) echo "$profiles/system-$entry_system-link/init" ;;
  esac
}

# enter_root: when it succeeds, / is the chosen root, for this process and for
# process 1; when it fails, nothing is mounted.
enter_root() {
  init=$(entry_init)
  device=$(root_device "$entry_partition")
  mount_root rw "$device" ||
    fail "\"$entry_name\" ($entry_partition) does not mount as ext4; f checks and repairs it" || return
  outdate_head "$entry_partition"
  if check_init "$init" && prepare_root && count_start && pivot; then
    return
  fi
  rm -f "$run/handover"
  leave_root
  return 1
}

prepare_root() {
  for dir in dev proc sys run; do
    target "$dir" || return
  done
  mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs "$newroot/run" || fail "/run of \"$entry_name\" could not be mounted" || return
  mkdir "$newroot/run/shimboot"
}

# count_start: the last that is written to STATE before the system reports.
count_start() {
  add_try "$entry"
  say "starting $(title "$entry_system" "$entry_name"): $init on $device"
  save
  own_disk >"$run/own-disk"
  echo "$entry" >"$run/starting"
  words_for_systemd >"$run/systemd-words"
  echo "$init" >"$run/handover"
}

# words_for_systemd: the kernel's command line as systemd shall see it, nothing where
# that is as it is. Before 4.5, Linux has control groups of version 1 alone, which systemd
# takes when it is told to in two ways; the true command line is signed.
words_for_systemd() {
  if [ ! -r "$proc/filesystems" ] || grep -qw cgroup2 "$proc/filesystems"; then return; fi
  echo "$(cat "$proc/cmdline") systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"
}

pivot() {
  loud_kernel
  console_of_frecon
  name_descriptors
  for dir in dev proc sys; do
    mount --move "/$dir" "$newroot/$dir" || fail "/$dir could not be moved into \"$entry_name\"" || return
  done
  cd "$newroot" || return
  pivot_root . run/shimboot || fail "the kernel would not make \"$entry_name\" the root (pivot_root)"
}

# name_descriptors: what udev makes later, and the shell of NixOS' stage 2 wants
# before; the kernel's /dev has none of it.
name_descriptors() {
  for name in fd:fd stdin:fd/0 stdout:fd/1 stderr:fd/2; do
    [ -L "$dev/${name%%:*}" ] || ln -s "/proc/self/${name#*:}" "$dev/${name%%:*}" ||
      problem "naming /dev/${name%%:*}"
  done
}

# console_of_frecon: the kernel has no console to show where frecon draws; the
# system's messages go to frecon's first terminal.
console_of_frecon() {
  terminal=$(frecon_tty) || return 0
  [ -e "$dev/console" ] || : >"$dev/console"
  mount -o bind "$terminal" "$dev/console" || problem "binding $terminal to $dev/console"
}
