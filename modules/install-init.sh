#!/bin/sh
# What nixos-rebuild calls when the system profile has got a generation:
#
#   install-init.sh SYSTEM
#
# The bootloader in ROOT-A follows the profile's links by itself. Only a loader
# that knows nothing of generations wants /sbin/init, and it is the same for all.
set -eu
init=/nix/var/nix/profiles/system/init

if ! [ -x "$1/init" ]; then
  echo "shimboot: $1/init is not there: is it a NixOS system?" >&2
  exit 1
fi
if [ "$(readlink /sbin/init || true)" != "$init" ]; then
  mkdir -p /sbin
  ln -sfn "$init" /sbin/init.new
  mv -T /sbin/init.new /sbin/init
fi
# A stick may be pulled any time.
sync
