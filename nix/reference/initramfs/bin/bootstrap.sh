#!/bin/sh
# Finds the disk that this kernel was started from, copies its ROOT-A into
# memory and starts /sbin/init there: what a ChromeOS factory shim does.

set -e

# shellcheck source-path=SCRIPTDIR source=factory_tty.sh
. /bin/factory_tty.sh

LOG_DIR=/log
LOG_FILE=$LOG_DIR/factory_initramfs.log
USB_MNT=/usb
STATE_MNT=/stateful
NEWROOT_MNT=/newroot

# Set by find_official_root.
USB_DISK=
USB_ROOT=
USB_STATE=

info() {
  echo "shim: $*" >"$TTY_CONSOLE"
  echo "$(cut -d' ' -f1 /proc/uptime) $*" >>"$LOG_FILE"
}

# die REASON...: what on_exit reports as the reason.
die() {
  REASON="$*"
  exit 1
}

# Every way out but switch_root is an error, a failed command included. The
# log goes to the stick, the reason to the screen.
on_exit() {
  set +e
  info "ERROR: ${REASON:-a command failed while $STEP}"
  dmesg | tail -n 20 >>"$LOG_FILE"
  if [ -n "$USB_STATE" ]; then
    umount "$STATE_MNT" 2>/dev/null
    if mount -n "$USB_STATE" "$STATE_MNT"; then
      cp "$LOG_FILE" "$STATE_MNT/" && info "log saved on $USB_STATE"
      umount "$STATE_MNT"
    fi
  fi
  info "cannot go on; powering off"
  sync
  sleep 3
  poweroff -f
}

# NAME=VALUE on the kernel command line becomes KERN_ARG_NAME, a bare word an
# empty variable. Names that are none for a shell are left out.
export_kernel_args() {
  read -r cmdline </proc/cmdline
  for arg in $cmdline; do
    name=${arg%%=*}
    value=
    case $arg in
      *=*) value=${arg#*=} ;;
    esac
    case $name in
      '' | *[!A-Za-z0-9_]*) ;;
      *) export "KERN_ARG_$name=$value" ;;
    esac
  done
}

# USB disks take their time to appear.
find_official_root() {
  [ -n "${KERN_ARG_kern_guid-}" ] || die "no kern_guid= on the kernel command line"
  tries=20
  until kernel=$(cgpt find -1 -u "$KERN_ARG_kern_guid") && [ -b "$kernel" ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || die "no disk has the partition $KERN_ARG_kern_guid"
    sleep 1
  done

  number=${kernel##*[!0-9]}
  prefix=${kernel%"$number"}
  USB_DISK=$prefix
  case $prefix in
    *[0-9]p) USB_DISK=${prefix%p} ;;
  esac
  USB_STATE=${prefix}1
  USB_ROOT=$prefix$((number + 1))
  [ -b "$USB_ROOT" ] || die "$USB_DISK has no partition after its kernel, $kernel"
  cgpt find -t rootfs "$USB_DISK" >/dev/null ||
    die "$USB_DISK has no partition of the type ChromeOS rootfs"
  info "kernel $kernel, root $USB_ROOT"
}

mount_usb() {
  mkdir -p "$USB_MNT"
  mount -n -o ro "$USB_ROOT" "$USB_MNT" || die "cannot mount $USB_ROOT"
}

copy_root_to_memory() {
  mkdir -p "$NEWROOT_MNT"
  mount -n -t tmpfs -o mode=0755,size=640M tmpfs "$NEWROOT_MNT"
  meter=/bin/cat
  if [ -x /bin/pv ]; then
    meter=/bin/pv
  fi
  # A pipe's status is that of its last command alone.
  failed=/tmp/copy-failed
  { tar -cf - -C "$USB_MNT" . || touch "$failed"; } | "$meter" |
    tar -xf - -C "$NEWROOT_MNT" || die "$USB_ROOT does not fit into memory"
  [ ! -e "$failed" ] || die "cannot read all of $USB_ROOT"
}

check_state() {
  mkdir -p "$STATE_MNT"
  mount -n "$USB_STATE" "$STATE_MNT" || die "cannot mount $USB_STATE"
  [ -e "$STATE_MNT/dev_image/etc/lsb-factory" ] ||
    die "$USB_STATE has no dev_image/etc/lsb-factory"
  umount "$STATE_MNT"
}

# A console job for ChromeOS' own init.
write_debug_console() {
  [ -n "${KERN_ARG_cros_debug+set}" ] && [ -n "$DEBUG_TTY" ] || return 0
  if [ ! -d "$NEWROOT_MNT/etc/init" ]; then
    info "no /etc/init in $USB_ROOT, so no debug console"
    return 0
  fi
  cat >"$NEWROOT_MNT/etc/init/debug_console.conf" <<CONF
start on started boot-services
console output
respawn
exec agetty --noclear --login-program /bin/bash ${DEBUG_TTY#/dev/} linux
CONF
}

switch_to_new_root() {
  umount "$USB_MNT"
  killall less script 2>/dev/null || true
  info "starting /sbin/init from memory"
  cp -a "$LOG_DIR" "$NEWROOT_MNT/"
  for dir in /sys /proc /dev; do
    mount -n --move "$dir" "$NEWROOT_MNT$dir"
  done
  # shellcheck disable=SC2094 # a terminal
  exec <"$NEWROOT_MNT$TTY_CONSOLE" >"$NEWROOT_MNT$TTY_CONSOLE" 2>&1
  exec switch_root "$NEWROOT_MNT" /sbin/init -v --default-console output
}

# do_step DESCRIPTION FUNCTION
do_step() {
  STEP=$1
  $2
}

mkdir -p "$LOG_DIR"
STEP=starting
trap on_exit EXIT
tty_init
info "$(grep '^CHROMEOS_RELEASE_DESCRIPTION=' /etc/lsb-release | cut -d= -f2-), Linux $(uname -r)"
do_step "reading the kernel command line" export_kernel_args
do_step "looking for the disk" find_official_root
do_step "mounting the root" mount_usb
do_step "copying the root" copy_root_to_memory
do_step "looking at STATE" check_state
do_step "writing the debug console" write_debug_console
do_step "switching to the new root" switch_to_new_root
