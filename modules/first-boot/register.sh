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
nix-store --load-db <"$registration"
mkdir -p "$root/etc"
: >>"$root/etc/NIXOS"
sync
rm "$registration"
