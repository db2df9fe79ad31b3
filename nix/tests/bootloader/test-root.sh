# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# A mounted root: its links, its init, its generations.
# shellcheck disable=SC2154,SC2034
. "$here/fixture.sh"
entry_name=nixos

cd "$newroot" || exit
mkdir -p usr/sbin nix/store/aaa-system nix/store/bbb-system nix/var/nix/profiles bin
ln -s usr/sbin sbin
ln -s /nix/store/bash bin/sh
cp "$shimboot/bin/busybox" nix/store/bash
ln -s loop loop
ln -s ../../../../../../bin up

equal "plain" "$(in_root /nix/store/bash)" /nix/store/bash
equal "absolute link" "$(in_root /bin/sh)" /nix/store/bash
equal "no way out" "$(in_root /up/sh)" /nix/store/bash
equal "dots" "$(in_root //sbin/./../../bin/sh)" /nix/store/bash
fails "missing" in_root /sbin/init
fails "loop" in_root /loop

# verdict PATH: what check_init says.
verdict() {
  rm -f "$run/notices"
  if check_init "$1"; then echo good; else cat "$run/notices"; fi
}
equal "no init" "$(verdict /sbin/init)" 'error: "nixos" has no /sbin/init that can be run'
printf '#! /bin/sh -e\n' >sbin/init
equal "not executable" "$(verdict /sbin/init)" 'error: "nixos" has no /sbin/init that can be run'
chmod +x sbin/init
equal "script" "$(verdict /sbin/init)" good
equal "program" "$(verdict /nix/store/bash)" good
printf '#!/bin/dash\n' >sbin/init
equal "no interpreter" "$(verdict /sbin/init)" 'error: "nixos" lacks /bin/dash, which its /sbin/init is written for'
printf '\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\002\000\267\000' >sbin/init
equal "other processor" "$(verdict /sbin/init)" 'error: /sbin/init of "nixos" is for another kind of processor'

target dev
holds "made" test -d dev
ln -s /tmp run
fails "link" target run
: >sys
fails "a file in the way" target sys
equal "said" "$(tail -n 1 "$run/notices")" 'error: /sys of "nixos" could not be made (is it full? a file?)'

equal "no generations" "$(list_generations)" ""
echo 26.05.4937.abcdef >nix/store/aaa-system/nixos-version
printf 'evil\033[2J 99' >nix/store/bbb-system/nixos-version
profiles_dir=nix/var/nix/profiles
ln -s /nix/store/aaa-system $profiles_dir/system-9-link
ln -s /nix/store/bbb-system $profiles_dir/system-10-link
ln -s /nix/store/gone $profiles_dir/system-11-link
ln -s /nix/store/gone $profiles_dir/system-x-link
ln -s system-10-link $profiles_dir/system
equal "generations" "$(list_generations | sed 's/ [^ ]*$//')" "11 -
10 evil2J99
9 26.05.4937.abcdef"
equal "current" "$(current_generation)" 10
case $(link_date $profiles_dir/system-9-link) in
  20[0-9][0-9]-[01][0-9]-[0-3][0-9]) ;;
  *) equal "date" "$(link_date $profiles_dir/system-9-link)" "YYYY-MM-DD" ;;
esac

# A look at a root is no reason for a panic; one that is started is written in order.
mount() { echo "$*" >>mounts; }
mount_root ro /dev/sda4
mount_root rw /dev/sda4
equal "mounts" "$(cat mounts)" "-t ext4 -o ro,noatime,errors=continue /dev/sda4 $newroot
-t ext4 -o rw,noatime,nodelalloc,dioread_lock /dev/sda4 $newroot"

# waits MOUNTED FSTAB: the mount by which a root with such options, by its fstab, may
# have its blocks late again; nothing where there is none.
waits() {
  rm -f mounts
  printf '%s\n' "rootfs / rootfs rw 0 0" "tmpfs /run tmpfs rw,nodelalloc 0 0" "/dev/sda4 / ext4 $1 0 0" >"$proc/mounts"
  printf '%s\n' "/dev/shimboot-root / ext4 $2 0 1" "/dev/sdb1 /data ext4 nodelalloc,ro 0 2" >fstab
  let_wait fstab || return
  [ ! -e mounts ] || cat mounts
}
again="-t ext4 -o remount,delalloc none /"
equal "as it was started" "$(waits rw,noatime,nodelalloc,dioread_lock x-initrd.mount,noatime)" "$again"
equal "an older kernel" "$(waits rw,nodelalloc noatime)" "$again"
equal "the fstab undid it" "$(waits rw,noatime delalloc)" ""
equal "the fstab has it so" "$(waits rw,noatime,nodelalloc nodelalloc)" ""
equal "for reading only" "$(waits ro,noatime,nodelalloc noatime)" ""
mount() { return 32; }
fails "not possible" waits rw,nodelalloc noatime
