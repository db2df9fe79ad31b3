#!/bin/sh
# What STATE has to be after a power cut while gpt-pack put writes to it: put.sh
# FILES, with the files that were on it before. Prints the sums of those that are
# put, which must be old or new.
set -eu
files=$1
put="shimboot.conf wifi-credentials.json shimboot/new/er.conf"
dd if="$STATE" of=part bs=512 skip="$(cgpt show -i 1 -b "$STATE")" count="$(cgpt show -i 1 -s "$STATE")" status=none
if dumpe2fs -h part >/dev/null 2>&1; then
  # Sums that are old in the superblock are no fault (Linux leaves them so), and
  # e2fsck ends with 0.
  e2fsck -fn part >said 2>&1 || bad=1
  faults='wrong for|differences|WARNING|Clear|checksum'
  there() { debugfs -R "stat /$1" part 2>/dev/null | grep -q 'Type: regular'; }
  content() { debugfs -R "cat /$1" part 2>/dev/null; }
else
  fsck.fat -n part >said || true
  faults='share clusters|^/|Cluster|wrong|nvalid'
  there() { mdir -b -i part "::$1" >/dev/null 2>&1; }
  content() { mtype -i part "::$1"; }
fi
if [ -n "${bad-}" ] || grep -E "$faults" said; then
  cat said
  exit 1
fi
(cd "$files" && find . -type f) | while read -r name; do
  case " $put " in
    *" ${name#./} "*) ;;
    *) content "${name#./}" | cmp - "$files/$name" ;;
  esac
done
for name in $put; do
  if there "$name"; then content "$name" | sha256sum; fi
done
