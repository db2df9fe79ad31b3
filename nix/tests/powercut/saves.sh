#!/bin/sh
# What STATE has to be after a power cut while the bootloader saves: saves.sh
# FILES, with the files that were on it before. Prints what must be old or new.
set -eu
files=$1
dd if="$STATE" of=fat bs=512 skip="$(cgpt show -i 1 -b "$STATE")" count="$(cgpt show -i 1 -s "$STATE")" status=none

# What Linux' mount takes, and the next save gets rid of: a dirty bit, clusters
# that nobody has, tables that differ, and a temporary file that is not whole. One
# that shares clusters would take them with it.
fsck.fat -n fat >said || true
if grep -v -i '^/shimboot/new$' said | grep -E 'share clusters|^/|nvalid|Bad '; then
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

if mdir -b -i fat ::shimboot/tries >/dev/null 2>&1; then
  mtype -i fat ::shimboot/tries >tries
  if grep -vxE '[0-9a-f-]{36} ([0-9]+|-) [0-9]+' tries; then
    echo "no line of tries"
    exit 1
  fi
  # A file's last byte ends a line.
  [ -z "$(tail -c 1 tries)" ]
  cat tries
else
  echo "no tries"
fi
