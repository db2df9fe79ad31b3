#!/bin/sh
# What a stick has to be after a power cut in its first start:
#
#   first-start.sh --sums BEFORE END      prints the sums of the files that the
#                                         start leaves alone
#   first-start.sh BEFORE SUMS STORE-PATHS   looks at $STATE
set -eu
here=$(dirname "$0")
# shellcheck source=nix/tests/powercut/stick.sh
. "$here/stick.sh"

if [ "$1" = --sums ]; then
  for stick in "$2" "$3"; do
    table_of "$stick" table
    take table "$stick" 4 root
    mount_root root
    dump root files
    sums files >"sums-$(basename "$stick")"
    rm -r files root table
  done
  # In /var the system writes as it likes: systemd makes its catalogue of messages
  # anew, the same again, and flushes nothing.
  LC_ALL=C comm -12 "sums-$(basename "$2")" "sums-$(basename "$3")" | grep -v '  \./var/'
  exit
fi
before=$1
sums=$2
paths=$3

# The root is as long as it was or goes on to the end of the stick; all else of
# the table is as it was.
table_of "$STATE" table
sgdisk --verify table >said
grep -q "No problems found" said || fail "$(cat said)"
size=$(cgpt show -i 4 -s table)
was=$(cgpt show -i 4 -s "$before")
free=$(($(stat -c %s table) / 512 - $(cgpt show -i 4 -b table) - size))
[ "$size" -eq "$was" ] || [ "$free" -le 2081 ] || fail "the root has $size sectors, and $free are free behind it"
for file in "$before" table; do
  cgpt show -v "$file" 2>/dev/null | grep -v CRC: | sed "s/\<$was\>/SIZE/; s/\<$size\>/SIZE/" | tr -s ' ' >"$(basename "$file").shown"
done
diff "$(basename "$before").shown" table.shown

take table "$STATE" 4 root
mount_root root
dump root files
(cd files && sha256sum --quiet -c "$sums")

# Of what is new no name and no size is there before the content: NixOS has nobody log
# in where its lists of users are nothing.
find files/etc files/root files/var/lib -type f -size +0 | while read -r file; do
  [ "$(tr -d '\000' <"$file" | head -c 1 | wc -c)" -eq 1 ] || echo "$file"
done >zeros
[ ! -s zeros ] || fail "nothing but zeros: $(cat zeros)"
for file in files/var/lib/nixos/*-map; do
  [ ! -e "$file" ] || python3 -m json.tool "$file" >/dev/null || fail "$file is no JSON"
done

# Once the file with it is gone, Nix' database and the marker are there.
if [ ! -e files/nix-path-registration ]; then
  [ -e files/etc/NIXOS ] || fail "no marker"
  python3 - files/nix/var/nix/db/db.sqlite "$paths" <<'PYTHON'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
known = {row[0] for row in db.execute("select path from ValidPaths")}
missing = sorted(set(open(sys.argv[2]).read().split()) - known)
assert not missing, f"{len(missing)} paths are not in the database: {missing[:3]}"
PYTHON
fi
