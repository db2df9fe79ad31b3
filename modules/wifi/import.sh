#!/bin/sh
# Turns wifi-credentials.json into connections of NetworkManager's:
#
#   import.sh CREDENTIALS DIRECTORY
#
# DIRECTORY then has one file a network, for root alone; those of an earlier
# import are gone. On any error it stays as it was.
set -eu
umask 077
here=$(dirname "$0")
credentials=$1
directory=$2

list=$(jq -f "$here/keyfiles.jq" "$credentials")
mkdir -p "$directory"
new=$(mktemp -d "$directory/.shimboot.XXXXXX")
trap 'rm -rf "$new"' EXIT
count=$(printf %s "$list" | jq length)
i=0
while [ "$i" -lt "$count" ]; do
  name=$(printf %s "$list" | jq -r --argjson i "$i" '.[$i].file')
  printf %s "$list" | jq -r --argjson i "$i" '.[$i].text' >"$new/$name"
  i=$((i + 1))
done
rm -f "$directory"/shimboot-*.nmconnection
for file in "$new"/*; do
  [ -e "$file" ] || continue
  mv "$file" "$directory/"
done
echo "wifi: $count network(s) from wifi-credentials.json"
