#!/bin/sh
# Fetches a small shim from mirrors that fail in every way they can:
# check.sh SOURCES SERVER, with nix/sources and server.py.
set -eu
sources=$1
server=$2
work=$(mktemp -d)
# shellcheck disable=SC2154 # set before the trap runs
trap 'kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
export fetch="$sources/fetch.sh" attempts=3 pause=0 chunk_size=100000 board=testboard name=recovery.zip
mkdir "$work/www"

# 450 kB that hardly compress, so that the zip has five pieces; and the same
# image in another zip.
python3 -c 'import random, sys; sys.stdout.buffer.write(random.Random(1).randbytes(450_000))' >"$work/shim.bin"
(cd "$work" && zip -q -0 www/shim.zip shim.bin && zip -q -9 www/repacked.zip shim.bin && cp www/shim.zip www/recovery.zip)
split -b "$chunk_size" -d -a 4 "$work/www/shim.zip" "$work/www/shim.zip."
for piece in "$work"/www/shim.zip.*; do sha256sum <"$piece" | cut -d ' ' -f 1; done >"$work/chunks"
[ "$(wc -l <"$work/chunks")" -eq 5 ]
sri() {
  python3 -c 'import base64, hashlib, sys; print("sha256-" + base64.b64encode(hashlib.sha256(open(sys.argv[1], "rb").read()).digest()).decode())' "$1"
}

python3 "$server" "$work/www" >"$work/port" &
pid=$!
while ! [ -s "$work/port" ]; do sleep 0.1; done
base=http://127.0.0.1:$(cat "$work/port")
dead=http://127.0.0.1:1

failures=0
report() {
  if [ "$1" = ok ]; then
    echo "ok    $2"
  else
    echo "FAIL  $2"
    sed 's/^/      /' "$work/messages"
    failures=$((failures + 1))
  fi
}

# shim NAME MIRRORS TEXT…: the image arrives, and these things were said; with
# no TEXT, nothing was.
shim() {
  title=$1
  rm -f "$work/out"
  : >"$work/www/log"
  if chunks=$work/chunks sha256=$(sri "$work/shim.bin") mirrors=$2 sh "$sources/shim.sh" "$work/out" 2>"$work/messages" &&
    cmp -s "$work/out" "$work/shim.bin"; then
    shift 2
    said "$title" "$@"
  else
    report failed "$title"
  fi
}

# fails NAME COMMAND TEXT…: it ends with an error and leaves nothing, with
# these words.
fails() {
  title=$1
  rm -f "$work/out"
  if $2 "$work/out" 2>"$work/messages" || [ -e "$work/out" ]; then
    report failed "$title"
    return
  fi
  shift 2
  said "$title" "$@"
}

said() {
  title=$1
  shift
  if [ $# -eq 0 ] && [ -s "$work/messages" ]; then
    report failed "$title"
    return
  fi
  for text; do
    grep -qF -e "$text" "$work/messages" || {
      report failed "$title: nothing about \"$text\""
      return
    }
  done
  report ok "$title"
}

shim "pieces" "chunks $base/good/shim.zip"
shim "ranges of the whole zip" "zip $base/good/shim.zip"
shim "a piece is missing" "chunks $base/missing/shim.zip
chunks $base/good/shim.zip" "piece 1: $base/missing/shim.zip does not have it"
shim "a piece is wrong" "chunks $base/wrong/shim.zip
zip $base/good/shim.zip" "piece 1: $base/wrong/shim.zip sent something else"
shim "the first mirror is dead" "chunks $dead/shim.zip
chunks $base/good/shim.zip" "piece 0: $dead/shim.zip does not answer, and is not asked again"
! grep -F "piece 1: $dead" "$work/messages" || report failed "the first mirror is dead: asked again"
shim "the transfer breaks off" "chunks $base/cut/shim.zip" "curl: (18)"
grep -qF "cut shim.zip.0000 bytes=50000-" "$work/www/log" || report failed "the transfer breaks off: not taken up where it stopped"
shim "a range breaks off" "zip $base/cut/shim.zip" "curl: (18)"
grep -qF "cut shim.zip bytes=50000-99999" "$work/www/log" || report failed "a range breaks off: not taken up where it stopped"
shim "the transfer breaks off at a server without ranges" "chunks $base/noranges/shim.zip" "curl: (18)"
without_pieces() {
  chunks='' sha256=$(sri "$work/shim.bin") mirrors="chunks $base/good/shim.zip
zip $base/good/repacked.zip" sh "$sources/shim.sh" "$1"
}
: >"$work/www/log"
if without_pieces "$work/out" 2>"$work/messages" && cmp -s "$work/out" "$work/shim.bin" && ! grep -F shim.zip.0 "$work/www/log"; then
  said "the pieces are not known"
else
  report failed "the pieces are not known"
fi
shim "only the image is the same" "zip $base/good/repacked.zip" "looking for the image in whole zips"

no_mirror() {
  chunks=$work/chunks sha256=$(sri "$work/shim.bin") mirrors="chunks $dead/shim.zip
zip $base/wrong/shim.zip" sh "$sources/shim.sh" "$1"
}
fails "no mirror is left" no_mirror "not the image that is wanted" "no mirror has the shim any more" "bring your own: set shimboot.shim"
other_image() {
  chunks=$work/chunks sha256=$(sri "$work/chunks") mirrors="chunks $base/good/shim.zip" sh "$sources/shim.sh" "$1"
}
fails "right pieces, another image" other_image "no mirror has the shim any more"

no_network() {
  chunks=$work/chunks sha256=$(sri "$work/shim.bin") mirrors="chunks $dead/shim.zip
zip $dead/shim.zip" sh "$sources/shim.sh" "$1"
}
fails "no network" no_network "no mirror can be reached"

# The recovery image: one file.
recovery() {
  sha256=$(sri "$work/www/shim.zip") mirrors="$dead/recovery.zip $base/wrong/recovery.zip $base/cut/recovery.zip" sh "$sources/file.sh" "$1"
}
: >"$work/www/log"
if recovery "$work/out" 2>"$work/messages" && cmp -s "$work/out" "$work/www/shim.zip"; then
  said "a file from the third mirror, in two parts" "$dead/recovery.zip does not answer" "sent something else" "curl: (18)"
else
  report failed "a file from the third mirror, in two parts"
fi
no_recovery() {
  sha256=$(sri "$work/chunks") mirrors="$base/good/shim.zip" sh "$sources/file.sh" "$1"
}
fails "the file is nowhere" no_recovery "sent something else" "no mirror has it any more" "set shimboot.recovery"
no_recovery_network() {
  sha256=$(sri "$work/www/shim.zip") mirrors="$dead/recovery.zip" sh "$sources/file.sh" "$1"
}
fails "no network for the file" no_recovery_network "no mirror can be reached"

[ "$failures" -eq 0 ]
