#!/bin/sh
# What a first start does when the first write to a sector fails: it ends, with
# something said, be it by the bootloader, which then shows its menu; and the next
# start ends with all of it done.
#
#   first-start-error.sh KEY BEFORE SUMS STORE-PATHS SECTOR…
set -eu
here=$(dirname "$0")
key=$1
before=$2
sums=$3
paths=$4
shift 4
script=$PWD/script
cat >"$script" <<'SCRIPT'
expect reboot: Power down|"nixos" .* does not mount
SCRIPT
lost=0
for sector; do
  mkdir "$sector"
  cd "$sector"
  cp --sparse=always --no-preserve=mode "$before" stick.img
  if ! qemu-boot --key "$key" --attach virtio --keep --bad-sector "$sector" --timeout 6m --show all --script "$script" stick.img >console 2>&1; then
    tail -n 60 console
    echo "LOST  sector $sector: the start does not end"
    lost=$((lost + 1))
    cd ..
    continue
  fi
  grep "I/O error, dev vda, sector .*WRITE" console || {
    echo "no write to sector $sector has failed"
    exit 1
  }
  if grep -F "first-boot: failed units: none" console; then
    echo "LOST  sector $sector: no unit has failed"
    lost=$((lost + 1))
  fi
  mkdir next
  cd next
  if ! STATE=../stick.img sh "$here/first-start-start.sh" "$key" "$before" "$sums" "$paths"; then
    echo "LOST  sector $sector: the next start"
    lost=$((lost + 1))
  fi
  cd ../..
  rm -r "$sector"
done
echo "$# sectors that cannot be written; lost: $lost"
[ "$lost" -eq 0 ]
