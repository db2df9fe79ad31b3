#!/bin/sh
# Fetches one file of known hash: file.sh OUT.
#
#   name     for messages
#   mirrors  URLs, one a line, in order
#   sha256   "sha256-…"
#   fetch    fetch.sh
set -eu
: "${name:?}" "${mirrors:?}" "${sha256:?}"
# shellcheck source=nix/sources/fetch.sh
. "${fetch:?}"
out=$1
want=$(hex_of "$sha256")

for url in $mirrors; do
  if ! download "$url" "$out.part"; then
    say "$name: $url does not answer; trying the next mirror"
  elif is_hash "$out.part" "$want"; then
    mv "$out.part" "$out"
    exit
  else
    say "$name: $url sent something else; trying the next mirror"
  fi
  rm -f "$out.part"
done

say "$name: no mirror has it any more. Bring your own: set shimboot.recovery = ./recovery.bin.zip; or to null, which does
without its firmware. The one this board was described with has the sha256 $want."
exit 1
