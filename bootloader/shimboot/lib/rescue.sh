# shellcheck shell=sh
# A shell here and a shell in a root, on the terminal whose key asked for them.

rescue_shell() {
  note "rescue shell on $key_tty"
  save_log
  echo "A shell of the bootloader; the system is not mounted. \"exit\" goes back to the menu." | show
  on_tty "$key_tty" env PATH=/shimboot/bin:/bin PS1='rescue# ' sh -i
  note "the rescue shell ended with status $?"
}

# rescue_in_root: a shell of the chosen root's own, with the kernel's file
# systems in it.
rescue_in_root() {
  must_hold ext4 "$(root_device "$entry_partition")" || return
  mount_root rw "$(root_device "$entry_partition")" ||
    fail "\"$entry_name\" does not mount" || return
  outdate_head "$entry_partition"
  if root_shell=$(find_shell) && target dev && target proc && target sys; then
    mount -o rbind /dev "$newroot/dev"
    mount -t proc proc "$newroot/proc"
    mount -t sysfs sysfs "$newroot/sys"
    note "shell $root_shell in \"$entry_name\" on $key_tty"
    echo "A shell in \"$entry_name\", which is mounted for writing. \"exit\" goes back to the menu." | show
    on_tty "$key_tty" env -i TERM="$TERM" HOME=/root PS1='system# ' \
      PATH="$(system_profile)/sw/bin:/usr/sbin:/usr/bin:/sbin:/bin" /shimboot/bin/chroot "$newroot" "$root_shell" -i
    note "the shell in \"$entry_name\" ended with status $?"
    umount -l "$newroot/sys" "$newroot/proc" "$newroot/dev"
  else
    problem "\"$entry_name\" has no shell to start"
  fi
  sync
  umount "$newroot"
}

# system_profile: of the chosen generation.
system_profile() {
  case $entry_system in
    *[!0-9]*) echo "$profiles/system" ;;
    *) echo "$profiles/system-$entry_system-link" ;;
  esac
}

find_shell() {
  for candidate in /bin/bash /bin/sh "$(system_profile)/sw/bin/bash"; do
    in_root "$candidate" >/dev/null && echo "$candidate" && return
  done
  return 1
}
