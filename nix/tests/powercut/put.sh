#!/bin/sh
# What STATE has to be after a power cut while gpt-pack put writes to it: put.sh
# FILES, with the files that were on it before. Prints the sums of those that are
# put, which must be old or new.
set -eu
files=$1
put="shimboot.conf wifi-credentials.json shimboot/new/er.conf"
dd if="$STATE" of=fat bs=512 skip="$(cgpt show -i 1 -b "$STATE")" count="$(cgpt show -i 1 -s "$STATE")" status=none
fsck.fat -n fat >said || true
if grep -E 'share clusters|^/|Cluster|wrong|nvalid' said; then
  cat said
  exit 1
fi
(cd "$files" && find . -type f) | while read -r name; do
  case " $put " in
    *" ${name#./} "*) ;;
    *) mtype -i fat "::${name#./}" | cmp - "$files/$name" ;;
  esac
done
for name in $put; do
  if mdir -b -i fat "::$name" >/dev/null 2>&1; then mtype -i fat "::$name" | sha256sum; fi
done
