# shellcheck shell=sh disable=SC2034
# What the tests of modules/wifi have in common. Each is called as
#
#   TEST.sh SCRIPTS HERE FIRST-BOOT
#
# with modules/wifi, the folder of this file and modules/first-boot.
scripts=$1
here=$2
first_boot=$3
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

# done_with NAME: says how it went.
done_with() {
  [ "$failures" -eq 0 ] && echo "ok    $1"
}

echo '{ "ssid": "one", "psk": "12345678" }' >"$work/one.json"
