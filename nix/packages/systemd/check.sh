#!/bin/sh
# Fails when a systemd has not got mount-nofollow.patch: check.sh DIRECTORY,
# where lib/systemd is. The patch leaves a string of its own in the library that
# PID 1 and all others mount with.
set -eu
marker=mount-nofollow-by-path
status=0
found=0
for file in "$1"/lib/systemd/libsystemd-shared-*.so "$1"/lib/*/systemd/libsystemd-shared-*.so; do
  [ -f "$file" ] || continue
  found=1
  if ! grep -qaF "$marker" "$file"; then
    echo "$file: systemd without mount-nofollow.patch: nothing could be mounted on a Chromebook." >&2
    status=1
  fi
done
if [ "$found" -eq 0 ]; then
  echo "$1: found no lib/systemd/libsystemd-shared-*.so, want a systemd" >&2
  status=1
fi
if [ "$status" -ne 0 ]; then
  echo "Set shimboot.systemd.package to a patched one, or remove what replaces it (an overlay, systemd.package)." >&2
fi
exit "$status"
