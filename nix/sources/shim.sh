#!/bin/sh
# Fetches a shim's image: shim.sh OUT. It comes as a zip in pieces of known
# hashes, from the first mirror that has the right one, and is unpacked while
# it arrives; only one piece is kept at a time.
#
#   board    its name, for messages
#   mirrors  one a line, in order: "chunks URL" where URL.0000 and so on are the
#            pieces, or "zip URL" where URL is the whole zip
#   chunks   file with the pieces' sha256 in order, one a line; where they are
#            not known, empty: then whole zips are all that is asked for
#   sha256   the image's, "sha256-…"
#   fetch    fetch.sh
set -eu
: "${board:?}" "${mirrors:?}" "${chunks=}" "${sha256:?}"
# shellcheck source=nix/sources/fetch.sh
. "${fetch:?}"
: "${chunk_size:=26214400}"
out=$1
want=$(hex_of "$sha256")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# ask KIND URL NUMBER: the piece with that number into $work/chunk.
ask() {
  rm -f "$work/chunk"
  case $1 in
    chunks) download "$2.$(printf %04d "$3")" "$work/chunk" ;;
    zip) download_range "$2" "$work/chunk" "$(($3 * chunk_size))" "$((($3 + 1) * chunk_size - 1))" ;;
  esac
}

# forget URL: it is not asked again; each time would take as long.
forget() {
  grep -vF " $1" "$work/mirrors" >"$work/rest" || :
  mv "$work/rest" "$work/mirrors"
}

# fetch_chunk NUMBER HASH: into $work/chunk, from the first mirror that has it.
fetch_chunk() {
  while read -r kind url; do
    status=0
    ask "$kind" "$url" "$1" || status=$?
    case $status in
      0)
        if is_hash "$work/chunk" "$2"; then return; fi
        say "$board: piece $1: $url sent something else; trying the next mirror"
        ;;
      1) say "$board: piece $1: $url does not have it; trying the next mirror" ;;
      *)
        say "$board: piece $1: $url does not answer, and is not asked again"
        forget "$url"
        ;;
    esac
  done <"$work/mirrors"
  return 1
}

# pieces: the zip on standard output.
pieces() {
  number=0
  while read -r hash; do
    fetch_chunk "$number" "$hash" || return 1
    cat "$work/chunk"
    number=$((number + 1))
  done <"$chunks"
  : >"$work/complete"
}

# unpack: the one file of the zip on standard input becomes $work/image.
unpack() {
  bsdtar --extract --to-stdout --file - >"$work/image"
}

# whole URL: the same from a zip that is packed another way.
whole() {
  rm -f "$work/zip"
  download "$1" "$work/zip" && unpack <"$work/zip"
}

printf '%s\n' "$mirrors" | sed '/^ *$/d' >"$work/mirrors"
if [ -n "$chunks" ]; then
  pieces | unpack || rm -f "$work/complete"
  if [ -e "$work/complete" ] && is_hash "$work/image" "$want"; then
    mv "$work/image" "$out"
    exit
  fi
  say "$board: the known pieces cannot be had; looking for the image in whole zips"
fi

while read -r kind url; do
  [ "$kind" = zip ] || continue
  if whole "$url" && is_hash "$work/image" "$want"; then
    mv "$work/image" "$out"
    exit
  fi
  say "$board: $url: not the image that is wanted"
done <"$work/mirrors"

if [ -s "$work/mirrors" ]; then
  say "$board: no mirror has the shim any more."
else
  say "$board: no mirror can be reached: is there a network?"
fi
say "$board: instead, bring your own: set shimboot.shim = ./shim.bin; (an image of any version of
this board's RMA shim). To use the one this board was described with, its sha256 is $want."
exit 1
