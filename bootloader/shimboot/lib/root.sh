# shellcheck shell=sh
# A root, mounted on $newroot to be looked at or to be started. Its absolute
# links start at that root and not at this one.

newroot=${newroot-/newroot}

# mount_root ro|rw DEVICE
# A look at what may be anybody's is no reason for a panic, whatever it asks for.
# Of a file that is written, the content is on the disk before the size and the name
# are. As ext4 does it by itself, a power cut leaves new files empty or as zeros, and to
# a first start most are new: with NixOS' lists of users as zeros nobody can log in.
mount_root() {
  case $1 in
    ro) options=ro,noatime,errors=continue ;;
    rw) options=rw,noatime,nodelalloc,dioread_lock ;;
  esac
  mkdir -p "$newroot"
  mount -t ext4 -o "$options" "$2" "$newroot"
}

# let_wait FSTAB: lets ext4 choose blocks late again in the root that is /, unless
# the system's fstab has it otherwise. Without that, to flush one file is to wait for
# all that others write. (With dioread_lock a new file may be empty then, but not zeros.)
let_wait() {
  case ,$(awk '$2 == "/" { options = $4 } END { print options }' "$proc/mounts"), in
    *,ro,*) return ;;
    *,nodelalloc,*) ;;
    *) return ;;
  esac
  case ,$(awk '$2 == "/" { print $4 }' "$1"), in *,nodelalloc,*) return ;; esac
  mount -t ext4 -o remount,delalloc none /
}

# leave_root: undoes as much of mount_root and enter_root as was done.
leave_root() {
  cd /
  for dir in sys proc dev; do
    mount --move "$newroot/$dir" "/$dir" 2>/dev/null
  done
  umount "$newroot/run" 2>/dev/null
  umount "$newroot"
}

# in_root PATH: prints where PATH leads in the root. Fails when nothing is there.
in_root() (
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
)

# check_init PATH: that the kernel will run it, as far as can be seen from here.
check_init() {
  program=$(in_root "$1") || program=/nowhere
  if ! [ -f "$newroot$program" ] || ! [ -x "$newroot$program" ]; then
    fail "\"$entry_name\" has no $1 that can be run"
    return
  fi
  interpreter=$(head -c 256 "$newroot$program" | tr -d '\000' | sed -n '1s/^#! *\([^ ]*\).*/\1/p')
  if [ -n "$interpreter" ]; then
    program=$(in_root "$interpreter") && [ -f "$newroot$program" ] ||
      fail "\"$entry_name\" lacks $interpreter, which its $1 is written for" || return
  fi
  [ "$(machine "$newroot$program")" = "$(machine "$shimboot/bin/busybox")" ] ||
    fail "$1 of \"$entry_name\" is for another kind of processor"
}

# machine FILE: the ELF header's e_machine.
machine() {
  hexdump -s 18 -n 2 -e '1/2 "%04x"' "$1" 2>/dev/null
}

# target DIR: makes a directory of the root ready to mount on. ChromeOS kernels
# refuse to mount through a symlink.
target() {
  if [ -L "$newroot/$1" ]; then
    fail "/$1 of \"$entry_name\" is a symlink, and this kernel mounts on none"
    return
  fi
  mkdir -p "$newroot/$1" 2>/dev/null || fail "/$1 of \"$entry_name\" could not be made (is it full? a file?)"
}
