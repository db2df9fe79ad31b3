#!/bin/sh
# Starts an image on a stick that is larger, in the reference machine:
#
#   vm.sh IMAGE KEY first-boot            three times, with $credentials
#   vm.sh IMAGE KEY first-boot-cut-off    with the power cut again and again
set -eu
here=$(dirname "$0")
# shellcheck source=nix/tests/checks/first-boot/table.sh
. "$here/table.sh"
image=$1
key=$2

# boot NAME: does the script on stdin with the stick; whatever the machine has
# written then is on it. Firmware mends one broken table of the two, and writes
# the copy to the real end, before it starts anything.
boot() {
  cat >script
  cgpt repair stick.img >/dev/null 2>&1 || fail "$1: firmware finds no table"
  qemu-boot --key "$key" --keep --timeout 8m --show all --script script stick.img >"$1.log" || {
    status=$?
    cat "$1.log"
    exit "$status"
  }
}

to_the_end() {
  boot "$1" <<'SCRIPT'
expect ^first-boot: done
expect reboot: Power down
SCRIPT
}

# said NAME TEXT…: in that boot's log.
said() {
  log=$1.log
  shift
  for text; do
    grep -F "$text" "$log" || {
      cat "$log"
      fail "not said: $text"
    }
  done
}

# grown: to the end of the stick, and all else as it was.
grown() {
  judge stick.img
  gpt-pack verify stick.img
  entries stick.img | diff before - || fail "something else has changed"
  [ "$(free_at_the_end stick.img)" -le 2048 ] || fail "$(free_at_the_end stick.img) sectors are left"
  [ $(($(blocks) * 8)) -ge $(($(cgpt show -i 4 -s stick.img) - 8)) ] || fail "the file system has $(blocks) blocks"
  e2fsck -fn "$(root)"
}

# The root, by the name that e2fsprogs have for it, and its size.
root() {
  echo "stick.img?offset=$(($(cgpt show -i 4 -b stick.img) * 512))"
}
blocks() {
  dumpe2fs -h "$(root)" 2>/dev/null | sed -n 's/^Block count: *//p'
}

first_boot() {
  cat "${credentials:?}" >wifi-credentials.json
  gpt-pack put stick.img wifi-credentials.json
  to_the_end 1
  said 1 "first-boot: failed units: none" "MiB more" "first-boot: store: 3 paths are valid" \
    "first-boot: names of descriptors: 4" "first-boot: frecon: success inactive /dev/console: free" \
    "first-boot: fuse: max_user_bgreq 16" "first-boot: firmware: found" "first-boot: usermode helper: loads modules" \
    "first-boot: system: 26.05.1" "first-boot: rebuild: generation 2 is the current one" \
    "first-boot: profile: the running system" "first-boot: marker: /etc/NIXOS" "first-boot: registration: gone" \
    "4 network(s) from wifi-credentials.json" \
    'first-boot: network: Café "x"; y\z|no|wpa-psk| le ading\back||' \
    "first-boot: network: open|no|||" "first-boot: network: hid|yes|wpa-psk|12345678||" \
    "first-boot: network: corp|no|wpa-eap|peap|me@x|mschapv2|example.org||p;w|" \
    "first-boot: root: sda4 for /dev/sda4" "first-boot: root: -.mount is active with noatime nodioread_nolock " \
    "first-boot: root: remount success, active" "first-boot: root: jobs for devices: 0" \
    "first-boot: NetworkManager: 755 700" "first-boot: STATE mounted: nowhere" \
    "first-boot: file: 600 root shimboot-1.nmconnection" "first-boot: file: 600 root shimboot-2.nmconnection" \
    "first-boot: secret: not in the store, not in the logs"
  grown

  # Another start, of the new system, has nothing to do, and says what is wrong
  # with the file.
  printf '[{ "ssid": "home" },\n { "ssid": 5 }]' >wifi-credentials.json
  gpt-pack put stick.img wifi-credentials.json
  to_the_end 2
  said 2 "first-boot: root: no name for /dev/sda4" "first-boot: root: -.mount is active with noatime nodioread_nolock " \
    "first-boot: root: remount success, active" "first-boot: root: jobs for devices: 0"
  said 2 "first-boot: failed units: shimboot-wifi.service" "entry 2: \"ssid\" is a number, want a string"
  if grep -e "MiB more" -e "nix-store --load-db" 2.log; then fail "does again what is done"; fi
  if grep "first-boot: network: " 2.log; then fail "a bad file makes networks"; fi
  grep "first-boot: machine-id: " 1.log | cut -c 9- >id
  said 2 "$(cat id)" "first-boot: system: 26.05.2" "first-boot: profile: the running system" \
    "first-boot: rebuild: generation 1 is the current one"

  # The one before is back, and lives on when the other is deleted.
  to_the_end 3
  said 3 "first-boot: system: 26.05.1" "first-boot: rebuild: deleted: 2 store paths"
  grown
}

# What the console shows when the power goes, and how much later that is. What
# may be done by then has a line that comes in its place.
cuts() {
  cat <<'CUTS'
Welcome to
MiB more
\+ (sfdisk --quiet|partx)
\+ (sfdisk --quiet|partx) 300ms
\+ partx
\+ resize2fs
resizing filesystem|Nothing to do
(resizing filesystem|Nothing to do) 200ms
(resizing filesystem|Nothing to do) 500ms
nix-store --load-db|target sysinit
(nix-store --load-db|target sysinit) 300ms
\+ sync|target sysinit
\+ rm /nix-path|target sysinit
CUTS
}

cut_off() {
  number=0
  cuts >moments
  while read -r line; do
    number=$((number + 1))
    pause=${line##* }
    case $pause in
      *[0-9]ms) line=${line% *} ;;
      *) pause=0s ;;
    esac
    boot "$number" <<SCRIPT
expect $line
pause $pause
SCRIPT
    echo "cut $number: after \"$line\" and $pause: partition $(cgpt show -i 4 -s stick.img) sectors, file system $(blocks) blocks"
  done <moments
  to_the_end last
  said last "first-boot: store: 3 paths are valid" "first-boot: marker: /etc/NIXOS" "first-boot: registration: gone"
  grown
}

cp --sparse=always "$image" stick.img
chmod u+w stick.img
entries stick.img >before
truncate -s 8G stick.img
case $3 in
  first-boot) first_boot ;;
  first-boot-cut-off) cut_off ;;
esac
