#!/bin/sh
# What the bootloader does when the first write to a sector of STATE fails: it
# says so, starts the system all the same, and the next start has all that was
# saved before. saves-error.sh KEY STICK FILES SECTOR…
set -eu
here=$(dirname "$0")
key=$1
stick=$2
files=$3
shift 3
script=$PWD/script
cat >"$script" <<'SCRIPT'
expect power off
send "2\r"
expect ^test: generation 2 starts
pause 4s
SCRIPT
lost=0
for sector; do
  mkdir "$sector"
  cd "$sector"
  cp --sparse=always --no-preserve=mode "$stick" stick.img
  if ! qemu-boot --key "$key" --attach virtio --keep --bad-sector "$sector" --timeout 3m --show all --script "$script" stick.img >console 2>&1; then
    tail -n 30 console
    echo "LOST  sector $sector: the system does not start"
    lost=$((lost + 1))
    cd ..
    continue
  fi
  grep "I/O error, dev vda, sector .*WRITE" console || {
    echo "no write to sector $sector has failed"
    exit 1
  }
  if ! grep -i "STATE.*cannot be written" console; then
    echo "LOST  sector $sector: nothing is said"
    lost=$((lost + 1))
  fi
  mkdir next
  cd next
  if ! STATE=../stick.img sh "$here/saves-start.sh" "$files" "$key"; then
    echo "LOST  sector $sector: the next start"
    lost=$((lost + 1))
  fi
  cd ../..
  rm -r "$sector"
done
echo "$# sectors that cannot be written; lost: $lost"
[ "$lost" -eq 0 ]
