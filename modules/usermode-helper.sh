#!/bin/sh
# ChromeOS' kernels run /sbin/usermode-helper in the place of every program that
# a kernel runs (CONFIG_STATIC_USERMODEHELPER), behind the name of the one that was
# meant, which a script does not get to see. Two of them are let through:
#
#   modprobe, for what something in the kernel asks for: "-q -- NAME"
#   what takes dumps of programs that crashed (core_pattern): "PID …"
set -eu

# take_dump ARGUMENT…: as the pattern says, which has as many.
take_dump() {
  read -r pattern <"${proc:-/proc}/sys/kernel/core_pattern"
  count=$#
  set -f
  # shellcheck disable=SC2086 # words
  set -- $pattern "$@"
  case $1 in
    "|/"*) [ $# -eq $((2 * count + 1)) ] || exit 1 ;;
    *) exit 1 ;;
  esac
  program=${1#|}
  shift $((count + 1))
  exec "$program" "$@"
}

case "$#:${1-}" in
  3:-q)
    [ "$2" = -- ] || exit 1
    exec modprobe "$@"
    ;;
  *:[0-9]*) take_dump "$@" ;;
  *) exit 1 ;;
esac
