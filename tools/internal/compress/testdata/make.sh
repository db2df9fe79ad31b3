#!/bin/sh
# Makes the short streams that the fuzzing of package compress starts from.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT

# Text, and calls for the x86 filter.
for n in 1 2 3 4 5 6 7 8 9; do
  printf 'line %s of a short text \350%s\0\0\0\n' "$n" "$n"
done >"$tmp"
gzip -n -9 -c "$tmp" >short.gz
bzip2 -9 -c "$tmp" >short.bz2
xz --format=lzma -c "$tmp" >short.lzma
xz --check=crc32 --lzma2=dict=64KiB -c "$tmp" >short.xz
xz --check=crc32 --x86 --lzma2=dict=64KiB -c "$tmp" >short-x86.xz
lzop -9 -c <"$tmp" >short.lzo
lz4 -q -l -9 -c "$tmp" >short-legacy.lz4
lz4 -q -9 -c "$tmp" >short-frame.lz4
zstd -q -19 -c "$tmp" >short.zst
