#!/bin/sh
# What STATE has to be after a power cut while the bootloader saves: saves.sh
# FILES, with the files that were on it before. Prints what must be old or new.
set -eu
files=$1
dd if="$STATE" of=fat bs=512 skip="$(cgpt show -i 1 -b "$STATE")" count="$(cgpt show -i 1 -s "$STATE")" status=none

# What Linux' mount takes: a dirty bit, and tables that differ in nothing else.
fsck.fat -n fat >said || true
if grep -E 'share clusters|^/|nvalid|Bad ' said; then
  cat said
  exit 1
fi

# Nobody has written to these; a log keeps its content while it grows older.
(cd "$files" && find . -type f ! -path './shimboot/*') | while read -r name; do
  mtype -i fat "::${name#./}" | cmp - "$files/$name"
done
for log in "$files"/shimboot/*.log; do
  for age in 1 2 3 4 5; do
    if mtype -i fat "::shimboot/boot-$age.log" 2>/dev/null | cmp -s - "$log"; then continue 2; fi
  done
  echo "$log is lost"
  exit 1
done

# The newest of the two files of counts that is whole, or an older bootloader's.
best=0
: >tries
for n in 0 1; do
  mtype -i fat "::shimboot/tries.$n" | grep . >slot || true
  read -r number sum <slot || continue
  case $number in '' | *[!0-9]*) continue ;; esac
  [ "$(tail -n +2 slot | sha256sum | cut -d ' ' -f 1)" = "$sum" ] || continue
  [ "$number" -gt "$best" ] || continue
  best=$number
  tail -n +2 slot >tries
done
[ "$best" -gt 0 ] || mtype -i fat ::shimboot/tries >tries
if grep -vxE '[0-9a-f-]{36} ([0-9]+|-) [0-9]+' tries; then
  echo "no line of tries"
  exit 1
fi
cat tries
