#!/bin/sh
# What NetworkManager keeps secret of a network, an empty line where it keeps
# nothing:
#
#   secret.sh UUID SETTING KEY
#
# It is NetworkManager that is asked: of a secret that there is, nmcli shows an
# empty one now and then.
set -eu
name=org.freedesktop.NetworkManager

# call OBJECT INTERFACE METHOD TEXT
call() {
  busctl --json=short call "$name" "$1" "$name.$2" "$3" s "$4"
}

object=$(call /org/freedesktop/NetworkManager/Settings Settings GetConnectionByUuid "$1" | jq -er '.data[0]')
secrets=$(call "$object" Settings.Connection GetSecrets "$2" 2>/dev/null) || secrets='{}'
printf '%s' "$secrets" | jq -r --arg setting "$2" --arg key "$3" '.data[0][$setting][$key].data // ""'
