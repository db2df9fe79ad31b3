#!/bin/sh
# Turns wifi-credentials.json into connections of NetworkManager's:
#
#   import.sh CREDENTIALS DIRECTORY
#
# DIRECTORY then has one file a network, for root alone; those of an earlier
# import are gone. On any error it stays as it was, and so it does when this is
# killed: the files are links through .shimboot, a link to the directory of one
# import, and that is replaced at once when all of the next is there.
set -eu
umask 077
here=$(dirname "$0")
credentials=$1
directory=$2
most=65536

fail() {
  echo "wifi: $*" >&2
  exit 1
}

# copy_credentials FILE: what is on a disk that anybody may have written. No link
# is followed, nothing is waited for, and no more is read than is allowed.
copy_credentials() {
  if [ -L "$credentials" ] || ! [ -f "$credentials" ]; then fail "wifi-credentials.json is no regular file"; fi
  dd if="$credentials" of="$1" iflag=nofollow,nonblock,fullblock bs=$((most + 1)) count=1 status=none
  [ "$(stat -c %s "$1")" -le "$most" ] || fail "wifi-credentials.json has more than $((most / 1024)) KiB"
}

# as_nobody COMMAND…: what reads others' text may do nothing beside. (Who is not
# root has nothing to give up.)
as_nobody() {
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
  else
    "$@"
  fi
}

# write_keyfiles: of lines "NUMBER LINE".
write_keyfiles() {
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    number=${line%% *}
    case $number in
      '' | *[!0-9]*) fail "jq said: $number" ;;
    esac
    printf '%s\n' "${line#* }" >>"$new/shimboot-$number.nmconnection"
  done
}

# publish: the one step from the earlier import to this one. Names that are new
# lead nowhere before it, those that are gone lead nowhere after.
publish() {
  for file in "$new"/*; do
    name=${file##*/}
    [ ! -e "$file" ] || [ -e "$directory/$name" ] || ln -sf ".shimboot/$name" "$directory/$name"
  done
  ln -sfn "${new##*/}" "$directory/.shimboot-next"
  mv -T "$directory/.shimboot-next" "$directory/.shimboot"
}

# take_changed: a network that was changed by hand since is a file, no link.
take_changed() {
  for file in "$directory"/shimboot-*.nmconnection; do
    if [ -L "$file" ] || [ ! -e "$file" ]; then
      continue
    elif [ -e "$directory/.shimboot/${file##*/}" ]; then
      ln -sf ".shimboot/${file##*/}" "$file"
    else
      rm "$file"
    fi
  done
}

# tidy: what leads nowhere, and imports that are not the current one: a killed
# one's too.
tidy() {
  current=$(readlink "$directory/.shimboot" || true)
  for file in "$directory"/shimboot-*.nmconnection "$directory/.shimboot-next"; do
    [ -e "$file" ] || rm -f "$file"
  done
  for import in "$directory"/.shimboot.*; do
    [ "${import##*/}" = "$current" ] || rm -rf "$import"
  done
}

# NetworkManager's own modes: everybody may look into /run/NetworkManager.
(umask 022 && mkdir -p "${directory%/*}")
mkdir -p "$directory"
trap tidy EXIT
new=$(mktemp -d "$directory/.shimboot.XXXXXX")
copy_credentials "$new/.credentials"
lines=$(as_nobody jq -n -r --stream -f "$here/keyfiles.jq" <"$new/.credentials")
rm "$new/.credentials"
printf '%s\n' "$lines" | write_keyfiles
publish
take_changed
set -- "$new"/*
[ -e "$1" ] || shift
echo "wifi: $# network(s) from wifi-credentials.json"
