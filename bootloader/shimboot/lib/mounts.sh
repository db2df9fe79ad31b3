# shellcheck shell=sh
# The kernel's file systems. The shim moves /proc, /sys and /dev over; what it
# left out is mounted here, as a root that finds /proc mounted expects the rest
# to be there as well.

# mount_if_missing DIR ARGUMENTS…: mounts on DIR unless something is there.
mount_if_missing() {
  dir=$1
  shift
  grep -qs " $dir " /proc/mounts && return
  mkdir -p "$dir"
  mount "$@" "$dir" || fail "$dir could not be mounted"
}

# patient_kernel: ChromeOS' kernels panic where a task has waited for two minutes, as one
# may for a slow stick. What is started finds it so.
patient_kernel() {
  [ ! -e "$proc/sys/kernel/hung_task_panic" ] || echo 0 >"$proc/sys/kernel/hung_task_panic"
}

# quiet_kernel, loud_kernel: only the kernel's warnings shall run through the
# menu; the system gets the level as it was.
quiet_kernel() {
  [ -s "$run/printk" ] || cut -f 1 "$proc/sys/kernel/printk" >"$run/printk"
  echo 5 >"$proc/sys/kernel/printk"
}

loud_kernel() {
  cat "$run/printk" >"$proc/sys/kernel/printk"
}

mount_kernel_filesystems() {
  mount_if_missing /proc -t proc -o nosuid,nodev,noexec proc
  mount_if_missing /sys -t sysfs -o nosuid,nodev,noexec sysfs
  mount_if_missing /dev -t devtmpfs -o nosuid,mode=0755 devtmpfs
  mount_if_missing /dev/pts -t devpts -o nosuid,noexec,mode=0620,ptmxmode=0666 devpts
  mount_if_missing /dev/shm -t tmpfs -o nosuid,nodev,mode=1777 tmpfs
}
