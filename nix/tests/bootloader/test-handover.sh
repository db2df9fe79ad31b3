# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Into a root, and back when it cannot be done.
# shellcheck disable=SC2154,SC2034
. "$here/fixture.sh"
entry_name=nixos entry_partition=sda4 entry_system=- entry="A -" calls=$PWD/calls

# What would act on this machine is written down; `refused` is what fails.
mount() {
  echo "mount $*" >>"$calls"
  case $* in "$refused"*) return 1 ;; esac
}
umount() { echo "umount $*" >>"$calls"; }
pivot_root() {
  echo "pivot_root $*" >>"$calls"
  [ "$refused" != pivot_root ]
}
save() { :; }
dmesg() { echo "VFS: this is why"; }
mkdir -p "$proc/sys/kernel" "$newroot/sbin"
echo 7 >"$run/printk"
zeros 4096 >"$dev/sda4"
cp "$shimboot/bin/busybox" "$newroot/sbin/init"

# A task that waits for long is no reason to panic; where the kernel would not, nothing
# is written.
patient_kernel
equal "a kernel that does not look" "$(ls "$proc/sys/kernel")" ""
echo 1 >"$proc/sys/kernel/hung_task_panic"
patient_kernel
equal "one that would panic" "$(cat "$proc/sys/kernel/hung_task_panic")" 0

# enter REFUSED: the notice, and the calls after the refused one.
enter() {
  refused=$1
  rm -rf "$calls" "$run/notices" "$newroot/run"
  if (enter_root); then echo in; else cat "$run/notices"; fi
}
equal "in" "$(enter none)" in
equal "told process 1" "$(cat "$run/handover" "$run/starting")" "/sbin/init
A -"
equal "nothing for systemd" "$(cat "$run/systemd-words")" ""
equal "moved" "$(grep -c 'mount --move' "$calls") $(tail -n 1 "$calls")" "3 pivot_root . run/shimboot"

# Where the kernel has control groups of version 1 alone, systemd is told to take them.
echo "console=ttyS0 init=/sbin/init" >"$proc/cmdline"
printf 'nodev\tcgroup\nnodev\tcgroup2\n' >"$proc/filesystems"
equal "both versions" "$(words_for_systemd)" ""
printf 'nodev\tcgroup\n' >"$proc/filesystems"
equal "in with version 1" "$(enter none)" in
equal "version 1 alone" "$(cat "$run/systemd-words")" "console=ttyS0 init=/sbin/init systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"

# A shell of the system's reads /dev/fd/3, before there is udev.
equal "descriptors have names" "$(for name in fd stdin stdout stderr; do readlink "$dev/$name"; done)" "/proc/self/fd
/proc/self/fd/0
/proc/self/fd/1
/proc/self/fd/2"
equal "nothing to say of it" "$(grep -c naming "$log")" 0

# Where frecon draws, its first terminal becomes the system's console.
fails "no frecon" grep -q console "$calls"
mkdir -p "$proc/77" "$dev/pts"
echo frecon >"$proc/77/comm"
: >"$dev/pts/0"
equal "in" "$(enter none)" in
equal "frecon's terminal" "$(grep console "$calls")" "mount -o bind $dev/pts/0 $dev/console"
holds "a file to bind on" test -f "$dev/console"
rm "$proc/77/comm"

equal "no mount" "$(enter "-t ext4")" 'error: "nixos" (sda4) does not mount as ext4; f checks and repairs it'
equal "no /run" "$(enter "-t tmpfs")" 'error: /run of "nixos" could not be mounted'
equal "no move" "$(enter "--move /proc")" 'error: /proc could not be moved into "nixos"'
equal "no pivot" "$(enter pivot_root)" 'error: the kernel would not make "nixos" the root (pivot_root)'
equal "back again" "$(sed -n '/pivot_root/,$p' "$calls")" "pivot_root . run/shimboot
mount --move $newroot/sys /sys
mount --move $newroot/proc /proc
mount --move $newroot/dev /dev
umount $newroot/run
umount $newroot"
fails "nothing left for process 1" test -e "$run/handover"
equal "the kernel's words" "$(tail -n 1 "$log")" "            kernel: VFS: this is why"

rm "$newroot/sbin/init"
equal "no init" "$(enter none)" 'error: "nixos" has no /sbin/init that can be run'
