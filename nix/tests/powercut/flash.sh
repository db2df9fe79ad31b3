#!/bin/sh
# What a stick has to be after a power cut while gpt-pack flash writes to it:
# flash.sh OLD NEW, with the stick as it was and as it becomes. It has no table
# that firmware takes, or all between the tables is there.
set -eu
# (cgpt finds nothing and succeeds where there is no table.)
kernel=$(cgpt find -t kernel "$STATE" 2>/dev/null) || true
if [ -z "$kernel" ]; then
  exit 0
fi
edge=$((1024 * 1024))
bytes=$(($(stat -c %s "$STATE") - 2 * edge))
for whole in "$@"; do
  if cmp -s -i "$edge" -n "$bytes" "$STATE" "$whole"; then exit 0; fi
done
echo "firmware takes a stick that is neither the old one nor the new one"
exit 1
