#!/bin/sh
# Makes the small signed blob that the fuzzing of package vboot starts from,
# with vboot's public developer keys.
set -eu
cd "$(dirname "$0")"
keys=/usr/share/vboot/devkeys
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

printf 'a kernel of no architecture' >"$tmp/kernel"
printf 'console=ttyS0 -- root=PARTUUID=%%U/PARTNROFF=1' >"$tmp/config"
printf 'MZ' >"$tmp/stub"
vbutil_kernel --pack "$tmp/signed.bin" --pad 8192 --version 1 --arch arm \
  --keyblock "$keys/kernel.keyblock" --signprivate "$keys/kernel_data_key.vbprivk" \
  --vmlinuz "$tmp/kernel" --config "$tmp/config" --bootloader "$tmp/stub"
gzip -n -9 -c "$tmp/signed.bin" >signed.bin.gz
