#!/bin/sh
# Imports good and bad credentials. What NetworkManager makes of them is looked at
# by property.py and in nix/tests/checks/first-boot.nix.
set -eu
# shellcheck source=nix/tests/checks/wifi/lib.sh
. "$(dirname "$0")/lib.sh"

run "$here/good.json" || fail "good.json: $(cat "$work/message")"
same() { diff -r -x '.shimboot*' "$1" "$2"; }
same "$here/good" "$work/connections" || fail "good.json"
grep -q "4 network(s)" "$work/message" || fail "does not say how many"
for file in "$work"/connections/*; do
  [ "$(stat -L -c %a "$file")" = 600 ] || fail "${file##*/} can be read by others"
done
[ "$(stat -c %a "$work/connections")" = 700 ] || fail "the directory can be read by others"

: >"$work/connections/other.nmconnection"
run "$work/one.json" || fail "one object instead of a list"
[ "$(cd "$work/connections" && echo *)" = "other.nmconnection shimboot-1.nmconnection" ] || fail "earlier networks stay, or others' are gone"

# bad TEXT MESSAGE: refused with that message, and the connections stay.
bad() {
  printf '%s' "$1" >"$work/bad.json"
  cp -a "$work/connections" "$work/before"
  if run "$work/bad.json"; then
    fail "takes $1"
  elif ! grep -qF -e "$2" "$work/message"; then
    fail "$1: found \"$(cat "$work/message")\", want \"$2\""
  fi
  diff -r "$work/before" "$work/connections" || fail "$1: changes the connections"
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
bad '{"ssid":""}' '"ssid" is empty'
bad '{"ssid":"a","psk":"12345678","eap":"peap","identity":"me"}' 'both "psk" and "eap"'
bad '{"ssid":"a","eap":"peap"}' '"eap" without "identity"'
bad '{"ssid":"a","identity":"me"}' 'go with "eap"'
bad '{"ssid":"a","eap":"peap","identity":"me"}' 'which wants "phase2"'
bad '{"ssid":"a","eap":"tls","identity":"me"}' '"eap" is "tls", want one of fast, leap, md5, peap, pwd, ttls'
bad '{"ssid":"a","eap":"pwd","identity":"me","phase2":"pap"}' 'goes with peap, ttls and fast'
bad '{"ssid":"a","eap":"peap;\npsk=x","identity":"me","phase2":"pap"}' '"eap" is "peap;\npsk=x"'
bad '' 'an empty file: want an object or a list'
bad ' ' 'an empty file: want an object or a list'
bad '{"ssid":"a"} {"ssid":"b"}' '2 documents: want one'
bad '[] []' '2 documents: want one'
bad '[{"ssid":"a"}]]' "Unmatched ']'"
bad '[{"ssid":"a"}' 'Unfinished'
bad '{"ssid":"a","ssid":"b"}' 'entry 1: "ssid" stands there twice'
bad '[{"ssid":"a"},{"ssid":"a","psk":"12345678","psk":"12345678"}]' 'entry 2: "psk" stands there twice'
bad '{"ssid":{"x":"b"},"ssid":"a"}' '"ssid" stands there twice'
bad '[[[["a"]]]]' 'a list or an object'
bad '{"\u001b[2J":"a"}' 'unknown field "\u001b[2J"'
bad "$(head -c 70000 /dev/zero | tr '\0' ' ')[]" 'more than 64 KiB'

# Only a file is read: no link, whatever it leads to, and nothing that waits.
strange() {
  cp -a "$work/connections" "$work/before"
  if timeout 20 sh "$scripts/import.sh" "$work/strange" "$work/connections" >"$work/message" 2>&1; then
    fail "takes $1"
  fi
  grep -q "no regular file" "$work/message" || fail "$1: found \"$(cat "$work/message")\""
  diff -r "$work/before" "$work/connections" || fail "$1: changes the connections"
  rm -r "$work/before" "$work/strange"
}
ln -s "$work/one.json" "$work/strange"
strange "a link"
mkdir "$work/strange"
strange "a directory"
mkfifo "$work/strange"
strange "a pipe"

echo '[]' >"$work/none.json"
run "$work/none.json" || fail "an empty list"
[ "$(cd "$work/connections" && echo *)" = other.nmconnection ] || fail "an empty list leaves networks"

done_with "good and bad credentials"
