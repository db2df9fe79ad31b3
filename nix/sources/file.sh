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

answered=
for url in $mirrors; do
  status=0
  download "$url" "$out.part" || status=$?
  case $status in
    0)
      if is_hash "$out.part" "$want"; then
        mv "$out.part" "$out"
        exit
      fi
      say "$name: $url sent something else; trying the next mirror"
      ;;
    1) say "$name: $url does not have it; trying the next mirror" ;;
    *) say "$name: $url does not answer; trying the next mirror" ;;
  esac
  [ "$status" -gt 1 ] || answered=yes
  rm -f "$out.part"
done

if [ -n "$answered" ]; then
  say "$name: no mirror has it any more."
else
  say "$name: no mirror can be reached: is there a network?"
fi
say "$name: instead, bring your own: set shimboot.recovery = ./recovery.bin.zip; or do without its firmware:
shimboot.firmware.fromRecovery = false; The one this board was described with has the sha256 $want."
exit 1
