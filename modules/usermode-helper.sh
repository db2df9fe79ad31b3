#!/bin/sh
# ChromeOS' kernels run /sbin/usermode-helper in the place of every program that
# a kernel runs (CONFIG_STATIC_USERMODEHELPER). The one thing to do is loading a
# module that something in the kernel asks for: "-q -- NAME", behind the name of
# modprobe, which a script does not get to see.
set -eu
[ $# -eq 3 ] && [ "$1 $2" = "-q --" ] || exit 1
exec modprobe "$@"
