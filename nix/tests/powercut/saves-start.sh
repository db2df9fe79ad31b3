#!/bin/sh
# What the start after a power cut in a save has to do: count, save, report
# success, and leave a STATE as saves.sh wants it: saves-start.sh FILES KEY
set -eu
here=$(dirname "$0")
cp --sparse=always "$STATE" stick
# shellcheck source=nix/tests/powercut/stick.sh
. "$here/stick.sh"
restoring stick >script
cat >>script <<'SCRIPT'
expect power off
send "2\r"
expect ^shimboot: success of [0-9a-f-]{36} 2 is noted
pause 1s
SCRIPT
qemu-boot --key "$2" --attach virtio --keep --timeout 3m --show all --script script stick >console 2>&1 || {
  tail -n 30 console
  exit 1
}
if grep "STATE cannot be written\|does not mount" console; then exit 1; fi
STATE=$PWD/stick sh "$here/saves.sh" "$1"
