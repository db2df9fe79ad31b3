#!/bin/sh
# Reads a closure back out of an image's partition 4 with debugfs:
#
#   check.sh IMAGE CLOSURE-INFO SYSTEM
set -eu
image=$1
closure=$2
system=$3

fail() {
  echo "FAIL  $*" >&2
  exit 1
}

start=$(cgpt show -i 4 -b "$image")
dd if="$image" of=root bs=512 skip="$start" count="$(cgpt show -i 4 -s "$image")" conv=sparse status=none
e2fsck -fn root >log || fail "e2fsck: $(cat log)"
mkdir dump
debugfs -R 'rdump / dump' root 2>/dev/null

# The store: nothing but the closure, each path as Nix made it.
cut -d / -f 4 "$closure/store-paths" | sort >want
find dump/nix/store -mindepth 1 -maxdepth 1 -printf "%f\n" | sort | diff want - || fail "other paths than the closure's"
[ "$(wc -l <want)" -ge 4 ] || fail "a closure of $(wc -l <want) paths"
while read -r path; do
  diff -r --no-dereference "/nix/store/$path" "dump/nix/store/$path" || fail "$path differs"
done <want
cmp "$closure/registration" dump/nix-path-registration
echo "ok    the store's paths and their registration"

# stat_of NAME: type, mode, owner and time as debugfs has them.
stat_of() {
  debugfs -R "stat \"$1\"" root 2>/dev/null | sed -n \
    -e 's/^.*Type: \([a-z]*\) *Mode: *\([0-7]*\) .*/\1 \2/p' \
    -e 's/^User: *\([0-9]*\) *Group: *\([0-9]*\) .*/\1:\2/p' \
    -e 's/^ *mtime: 0x\([0-9a-f]*\):.*/\1/p' | paste -s -d ' ' -
}
is() {
  [ "$(stat_of "$1")" = "$2" ] || fail "$1 is \"$(stat_of "$1")\", want \"$2\""
}
# As `nix-store --verify --check-contents` wants them: of root, read-only,
# with a second of time, programs apart from the rest.
is "$system" "directory 0555 0:0 00000001"
is "$system/init" "regular 0555 0:0 00000001"
is "$system/large" "regular 0444 0:0 00000001"
is "$system/empty" "directory 0555 0:0 00000001"
is "$system/sw" "symlink 0777 0:0 00000001"
echo "ok    modes, owners and times of the store"

for dir in bin dev etc home mnt run sbin usr var nix nix/var/nix/profiles nix/var/nix/gcroots; do
  is "/$dir" "directory 0755 0:0 00000001"
done
is /proc "directory 0555 0:0 00000001"
is /sys "directory 0555 0:0 00000001"
is /tmp "directory 01777 0:0 00000001"
is /root "directory 0700 0:0 00000001"
is /nix/store "directory 01775 0:0 00000001"
echo "ok    the directories that stage 2 wants"

# field NAME: of the superblock.
field() { dumpe2fs -h root 2>/dev/null | sed -n "s/^$1: *//p"; }
[ "$(field "Reserved block count")" -eq $(($(field "Block count") * 2 / 100)) ] ||
  fail "$(field "Reserved block count") of $(field "Block count") blocks reserved, want 2%"
echo "ok    blocks reserved for root"

leads() {
  [ "$(readlink "dump/$1")" = "$2" ] || fail "/$1 leads to $(readlink "dump/$1"), want $2"
}
leads nix/var/nix/profiles/system system-1-link
leads nix/var/nix/profiles/system-1-link "$system"
leads sbin/init /nix/var/nix/profiles/system/init
echo "ok    the profile and init"
