#!/bin/sh
# Makes a root that was written by gpt-pack a system of Nix': loads what the
# image's build knew of the store's paths. The file with it goes last, so a
# power cut in between means doing it again.
#
#   register.sh [ROOT]
set -eu
root=${1-}
registration=$root/nix-path-registration

[ -e "$registration" ] || exit 0
if ! nix-store --load-db <"$registration"; then
  # A power cut while Nix makes its database may leave one that says it is made, and has
  # no tables. Nothing is in it before this is done.
  if nix-store --dump-db >/dev/null 2>&1; then exit 1; fi
  echo "the database was cut off while it was made, and is made again" >&2
  rm -rf "$root/nix/var/nix/db"
  nix-store --load-db <"$registration"
fi
mkdir -p "$root/etc"
: >>"$root/etc/NIXOS"
sync
rm "$registration"
