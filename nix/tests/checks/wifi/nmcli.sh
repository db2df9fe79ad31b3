#!/bin/sh
# Run in a root that has NetworkManager, as its root: what it makes of the
# connections in /run/NetworkManager/system-connections.
#
#   nmcli.sh DIRECTORY FIELD…    writes DIRECTORY/uuids, one a line, and
#                                DIRECTORY/FIELD, the values of all networks
#
# The networks come in the order of their files' numbers. Needs secret.sh beside it.
set -eu
here=$(dirname "$0")
directory=$1
shift
mkdir -p /run/dbus
dbus-daemon --session --address=unix:path=/run/dbus/system_bus_socket --fork --nopidfile
NetworkManager --no-daemon >"$directory/log" 2>&1 &
tries=0
until nmcli general >"$directory/general" 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || {
    cat "$directory/general" "$directory/log" >&2
    exit 1
  }
  sleep 0.5
done
nmcli --terse --fields UUID,FILENAME connection show |
  sed 's/^\([^:]*\):.*-\([0-9]*\)\.nmconnection$/\2 \1/' | sort -n | cut -d ' ' -f 2 >"$directory/uuids"

# secrets SETTING KEY: with a line between two networks, as nmcli has it.
secrets() {
  between=
  while read -r uuid; do
    printf '%s' "$between"
    sh "$here/secret.sh" "$uuid" "$1" "$2"
    between='
'
  done <"$directory/uuids"
}

for field; do
  # shellcheck disable=SC2046 # a word each
  case $field in
    *.psk | *.password) secrets "${field%.*}" "${field##*.}" ;;
    *) nmcli --escape no --get-values "$field" connection show $(cat "$directory/uuids") ;;
  esac >"$directory/$field"
done
