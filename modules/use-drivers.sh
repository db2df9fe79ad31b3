#!/bin/sh
# Tells the running kernel, and modprobe, of a system's drivers. It has to come
# before udev, which loads most of them:
#
#   use-drivers.sh DRIVERS FIRMWARE HELPER
#
# DRIVERS has lib/modprobe.d, FIRMWARE is a directory, HELPER a program: see
# usermode-helper.sh.
set -eu
path=/sys/module/firmware_class/parameters/path

if [ -e "$path" ]; then
  printf %s "$2" >"$path"
fi
if [ -d "$1/lib/modprobe.d" ]; then
  ln -sfn "$1/lib/modprobe.d" /run/modprobe.d
fi
mkdir -p /sbin
ln -sfn "$3" /sbin/usermode-helper
