#!/bin/sh
# Which terminal the shim talks to. Sourced by bootstrap.sh.
#
# A real shim starts frecon-lite, which draws virtual terminals under
# /run/frecon. It is not free software, so it is not in this initramfs, and
# this does what a real shim does where frecon does not start: it keeps to the
# console.

# shellcheck disable=SC2034 # bootstrap.sh reads them

TTY_CONSOLE=/dev/console
DEBUG_TTY=

tty_init() {
  if [ -x /bin/frecon-lite ] && [ -d /dev/dri ]; then
    frecon-lite --daemon --no-login --enable-vts --pre-create-vts --num-vts=4 || return 0
    TTY_CONSOLE=/run/frecon/vt0
    DEBUG_TTY=/run/frecon/vt1
  else
    DEBUG_TTY=/dev/console
  fi
}
