#!/bin/sh
# Boots an image again and again, and records what is written to it:
#
#   record.sh KEY IMAGE SIZE SCRIPT…
#
# The image is flashed to a stick of that size. For each script there is N.img
# then, the stick before that start, and N.log, what the start wrote to it; and
# end.img, the stick in the end. At the end of a script the power goes, and all
# that was written is there at the next start. The disk is one that has a memory
# of its own, and is told when to flush it.
set -eu
key=$1
image=$2
size=$3
shift 3
truncate -s "$size" stick.img
gpt-pack flash "$image" stick.img
number=0
for script; do
  number=$((number + 1))
  cp --sparse=always stick.img "$number.img"
  qemu-boot --key "$key" --keep --attach virtio --record-writes "$number.log" --timeout 8m --show all \
    --script "$script" stick.img >console || {
    status=$?
    cat console
    exit "$status"
  }
done
mv stick.img end.img
