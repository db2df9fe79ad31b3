#!/bin/sh
# What the start after a power cut in the first one has to end with: all of it
# done. first-start-start.sh KEY BEFORE SUMS STORE-PATHS
set -eu
here=$(dirname "$0")
key=$1
shift
cp --sparse=always "$STATE" stick
# As firmware does at each start.
cgpt repair stick
# shellcheck source=nix/tests/powercut/stick.sh
. "$here/stick.sh"
restoring stick >script
[ ! -s script ] || printf 'expect power off\nsend "\\r"\n' >>script
cat >>script <<'SCRIPT'
expect ^first-boot: done
expect reboot: Power down
SCRIPT
qemu-boot --key "$key" --attach virtio --keep --timeout 6m --show all --script script stick >console 2>&1 || {
  tail -n 60 console
  exit 1
}
for line in "failed units: none" "paths are valid" "marker: /etc/NIXOS" "registration: gone"; do
  grep -F "$line" console || {
    grep "first-boot: " console
    exit 1
  }
done
# Grown to the end, and all else as a power cut may leave it.
[ "$(cgpt show -i 4 -s stick)" -gt "$(cgpt show -i 4 -s "$1")" ]
STATE=$PWD/stick sh "$here/first-start.sh" "$@"
