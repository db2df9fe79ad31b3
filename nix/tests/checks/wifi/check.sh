#!/bin/sh
# Imports good and bad credentials: check.sh SCRIPTS HERE, with modules/wifi and
# the folder of this file. What NetworkManager makes of good.json's connections is
# looked at in nix/tests/checks/first-boot.nix.
set -eu
scripts=$1
here=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
  echo "FAIL  $*"
  failures=$((failures + 1))
}

# run FILE: its message on $work/message
run() {
  sh "$scripts/import.sh" "$1" "$work/connections" >"$work/message" 2>&1
}

run "$here/good.json" || fail "good.json: $(cat "$work/message")"
diff -r "$here/good" "$work/connections" || fail "good.json"
grep -q "4 network(s)" "$work/message" || fail "does not say how many"
for file in "$work"/connections/*; do
  [ "$(stat -c %a "$file")" = 600 ] || fail "${file##*/} can be read by others"
done
[ "$(stat -c %a "$work/connections")" = 700 ] || fail "the directory can be read by others"

echo '{ "ssid": "one", "psk": "12345678" }' >"$work/one.json"
: >"$work/connections/other.nmconnection"
run "$work/one.json" || fail "one object instead of a list"
[ "$(cd "$work/connections" && echo *)" = "other.nmconnection shimboot-1.nmconnection" ] || fail "earlier networks stay, or others' are gone"

# bad TEXT MESSAGE: refused with that message, and the connections stay.
bad() {
  printf '%s' "$1" >"$work/bad.json"
  cp -r "$work/connections" "$work/before"
  if run "$work/bad.json"; then
    fail "takes $1"
  elif ! grep -qF -e "$2" "$work/message"; then
    fail "$1: found \"$(cat "$work/message")\", want \"$2\""
  fi
  diff -r "$work/before" "$work/connections" || fail "$1: changes the connections"
  [ -z "$(find "$work/connections" -name '.*' -type d)" ] || fail "$1: leaves a directory behind"
  rm -r "$work/before"
}
long=123456789012345678901234567890123
bad '{"ssid":"a",}' 'line 1, column 13'
bad '[{"ssid":"a"}, {"ssid":"b","pks":"12345678"}]' 'entry 2: unknown field "pks"'
bad '{"psk":"12345678"}' 'entry 1: no "ssid"'
bad '{"ssid":"a","psk":"short"}' 'entry 1: "psk" wants 8 to 63 ASCII characters'
bad '{"ssid":"a","psk":"12345678\n"}' 'entry 1: "psk" wants 8 to 63 ASCII characters'
bad '{"ssid":"a","hidden":"yes"}' '"hidden" is a string, want a boolean'
bad '"a"' 'found string, want an object'
bad "{\"ssid\":\"$long\"}" 'an SSID of 33 bytes, want 1 to 32'
bad '{"ssid":"äääääääääääääääää"}' 'an SSID of 34 bytes'
bad '{"ssid":""}' 'an SSID of 0 bytes'
bad '{"ssid":"a","psk":"12345678","eap":"peap","identity":"me"}' 'both "psk" and "eap"'
bad '{"ssid":"a","eap":"peap"}' '"eap" without "identity"'
bad '{"ssid":"a","identity":"me"}' 'go with "eap"'

echo '[]' >"$work/none.json"
run "$work/none.json" || fail "an empty list"
[ "$(cd "$work/connections" && echo *)" = other.nmconnection ] || fail "an empty list leaves networks"

[ "$failures" -eq 0 ] && echo "ok"
