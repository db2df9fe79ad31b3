#!/bin/sh
# What a start does when the first write to a sector of its disk fails: it ends,
# as SCRIPT wants it; something of it is said; and the next start is right.
#
#   write-errors.sh KEY STICK SCRIPT SAID SECTOR… -- NEXT-START…
#
# SCRIPT is qemu-boot's. SAID is a pattern of what the console has to have, or, with
# "!" in front of it, of what it must not have. NEXT-START is a command that looks at
# $STATE, the stick after that.
set -eu
key=$1
stick=$2
script=$(realpath "$3")
said=$4
shift 4
sectors=
while [ "$1" != -- ]; do
  sectors="$sectors $1"
  shift
done
shift

# lost SECTOR WHAT
lost=0
lost() {
  echo "LOST  sector $1: $2"
  lost=$((lost + 1))
}

# is_said: by the console.
is_said() {
  case $said in
    !*) ! grep -E "${said#!}" console ;;
    *) grep -E "$said" console ;;
  esac
}

# try SECTOR
try() {
  cp --sparse=always --no-preserve=mode "$stick" stick.img
  if ! qemu-boot --key "$key" --attach virtio --keep --bad-sector "$1" --timeout 6m --show all --script "$script" stick.img >console 2>&1; then
    tail -n 60 console
    lost "$1" "the start does not end"
    return
  fi
  grep "I/O error, dev vda, sector .*WRITE" console || {
    echo "no write to sector $1 has failed"
    exit 1
  }
  is_said || lost "$1" "nothing is said"
  mkdir next
  shift
  (cd next && STATE=../stick.img "$@") || lost "$sector" "the next start"
}

count=0
for sector in $sectors; do
  count=$((count + 1))
  mkdir "$sector"
  cd "$sector"
  try "$sector" "$@"
  cd ..
  rm -r "$sector"
done
echo "$count sectors that cannot be written; lost: $lost"
[ "$count" -gt 0 ] && [ "$lost" -eq 0 ]
