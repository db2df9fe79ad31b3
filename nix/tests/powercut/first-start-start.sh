#!/bin/sh
# What the start after a power cut in the first one has to end with: all of it
# done, as PLAY has it. first-start-start.sh KEY PLAY BEFORE SUMS STORE-PATHS
set -eu
here=$(dirname "$0")
key=$1
play=$2
shift 2
cp --sparse=always "$STATE" stick
# As firmware does at each start.
cgpt repair stick
# shellcheck source=nix/tests/powercut/stick.sh
. "$here/stick.sh"
restoring stick >script
[ ! -s script ] || printf 'expect power off\nsend "\\r"\n' >>script
cat "$play" >>script
qemu-boot --key "$key" --attach virtio --keep --timeout 6m --show all --script script stick >console 2>&1 || {
  tail -n 60 console
  exit 1
}
# Grown to the end, and all else as a power cut may leave it.
[ "$(cgpt show -i 4 -s stick)" -gt "$(cgpt show -i 4 -s "$1")" ]
STATE=$PWD/stick sh "$here/first-start.sh" "$@"
