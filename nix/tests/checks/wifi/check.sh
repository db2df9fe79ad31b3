#!/bin/sh
# Imports good and bad credentials: check.sh SCRIPTS HERE FIRST-BOOT, with
# modules/wifi, the folder of this file and modules/first-boot. What NetworkManager makes of good.json's connections is
# looked at in nix/tests/checks/first-boot.nix.
set -eu
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

run "$here/good.json" || fail "good.json: $(cat "$work/message")"
same() { diff -r -x '.shimboot*' "$1" "$2"; }
same "$here/good" "$work/connections" || fail "good.json"
grep -q "4 network(s)" "$work/message" || fail "does not say how many"
for file in "$work"/connections/*; do
  [ "$(stat -L -c %a "$file")" = 600 ] || fail "${file##*/} can be read by others"
done
[ "$(stat -c %a "$work/connections")" = 700 ] || fail "the directory can be read by others"

echo '{ "ssid": "one", "psk": "12345678" }' >"$work/one.json"
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

# What was changed by hand is taken back, without a moment without it.
rm "$work/connections/shimboot-1.nmconnection"
: >"$work/connections/shimboot-1.nmconnection"
: >"$work/connections/shimboot-7.nmconnection"
run "$work/one.json" || fail "after a change by hand"
[ "$(cd "$work/connections" && echo *)" = "other.nmconnection shimboot-1.nmconnection" ] || fail "a change by hand stays"
grep -q 12345678 "$work/connections/shimboot-1.nmconnection" || fail "a change by hand wins"

# NetworkManager's own directory stays open to all, what is secret does not.
umask 077
sh "$scripts/import.sh" "$work/one.json" "$work/run/NetworkManager/system-connections" >"$work/message" || fail "a new directory"
[ "$(stat -c %a "$work/run/NetworkManager") $(stat -c %a "$work/run/NetworkManager/system-connections")" = "755 700" ] ||
  fail "modes: $(stat -c %a "$work/run/NetworkManager") $(stat -c %a "$work/run/NetworkManager/system-connections")"

# networks: the whole set that NetworkManager would read, as one line.
networks() {
  for file in "$work"/connections/*.nmconnection; do
    [ ! -e "$file" ] || echo "${file##*/} $(sha256sum <"$file")"
  done | sha256sum
}

# Whole or not at all, wherever it is killed: each command it runs ends it once.
run "$here/good.json" || fail "good.json again"
old=$(networks)
run "$work/one.json" || fail "one.json again"
new=$(networks)
mkdir "$work/bin"
cat >"$work/bin/step" <<'STEP'
#!/bin/sh
# Counts the commands of the import, does this one, and kills the import before
# or after the one that is asked for.
step=$(($(cat "$steps") + 1))
echo "$step" >"$steps"
PATH=${PATH#*:}
[ "$when $step" != "before $kill_at" ] || kill -9 "$PPID"
"${0##*/}" "$@"
status=$?
[ "$when $step" != "after $kill_at" ] || kill -9 "$PPID"
exit "$status"
STEP
chmod +x "$work/bin/step"
for program in mkdir mktemp dd stat rm ln mv readlink; do ln -s step "$work/bin/$program"; done
export steps="$work/steps" when kill_at
cuts=0
for when in before after; do
  kill_at=0
  while :; do
    kill_at=$((kill_at + 1))
    run "$here/good.json" || fail "good.json before a kill"
    echo 0 >"$steps"
    if PATH="$work/bin:$PATH" sh "$scripts/import.sh" "$work/one.json" "$work/connections" >"$work/message" 2>&1; then
      break
    fi
    cuts=$((cuts + 1))
    case $(networks) in
      "$old" | "$new") ;;
      *) fail "killed $when its command $kill_at: neither the earlier networks nor the new ones" ;;
    esac
    run "$work/one.json" || fail "does not go on after it was killed $when its command $kill_at"
    [ "$(networks)" = "$new" ] || fail "killed $when its command $kill_at: the next import is not whole"
    [ "$(find "$work/connections" -name '.shimboot*' | wc -l)" -eq 2 ] || fail "killed $when its command $kill_at: something is left behind"
  done
done
[ "$cuts" -ge 16 ] || fail "only $cuts kills"

# No room at any moment: the earlier networks stay.
cat >"$work/full.sh" <<'FULL'
#!/bin/sh
# full.sh SCRIPTS ONE GOOD ROOM, in a small tmpfs: ONE is there, then GOOD comes
# while ROOM KiB are left.
set -eu
sh "$1/import.sh" "$2" connections >said
cp -a connections before
head -c 600000 /dev/zero >filler 2>>said || true
[ "$4" -eq 0 ] || truncate -s $(($(stat -c %s filler) / 1024 / 4 * 4 - $4))K filler
if sh "$1/import.sh" "$3" connections 2>/dev/null; then
  echo whole
else
  diff -r before connections && echo as it was
fi
FULL
mkdir "$work/small"
for room in 0 4 8 12 16 20 24 28 64; do
  bwrap --dev-bind / / --size 524288 --tmpfs "$work/small" --chdir "$work/small" sh "$work/full.sh" "$scripts" "$work/one.json" "$here/good.json" "$room" >"$work/full"
  tail -n 1 "$work/full"
done >"$work/fulls"
if ! head -n 1 "$work/fulls" | grep -qx "as it was" || ! tail -n 1 "$work/fulls" | grep -qx "whole" || grep -vx -e whole -e "as it was" "$work/fulls"; then
  fail "in a directory without room: $(tr '\n' ',' <"$work/fulls")"
fi

# STATE: what it is mounted as, and that nothing on it leads elsewhere.
mkdir -p "$work/sys/class/block" "$work/sys/dev/block" "$work/sys/devices/sda/sda1" "$work/sys/devices/sda/sda4" "$work/state" "$work/stubs"
ln -s ../../devices/sda ../../devices/sda/sda1 ../../devices/sda/sda4 "$work/sys/class/block"
ln -s ../../devices/sda/sda4 "$work/sys/dev/block/8:4"
echo 1 >"$work/sys/devices/sda/sda1/partition"
echo 4 >"$work/sys/devices/sda/sda4/partition"
printf 'DEVNAME=sda1\nPARTNAME=STATE\n' >"$work/sys/devices/sda/sda1/uevent"
printf 'DEVNAME=sda4\n' >"$work/sys/devices/sda/sda4/uevent"
printf '#!/bin/sh\necho 8:4\n' >"$work/stubs/mountpoint"
cat >"$work/stubs/mount" <<'MOUNT'
#!/bin/sh
echo "$*" >>"$mounts"
[ "$2" = "$is" ] || exit 32
cp -a "$content/." "$6"
MOUNT
cat >"$work/stubs/umount" <<'UMOUNT'
#!/bin/sh
rm -r "$1"
UMOUNT
chmod +x "$work"/stubs/*
export mounts="$work/mounts" content="$work/state" is

# from_state TYPE: of a STATE that is one.
from_state() {
  is=$1
  : >"$mounts"
  env sys="$work/sys" dev=/dev mounted="$work/mounted" first_boot="$first_boot" PATH="$work/stubs:$PATH" \
    sh "$scripts/from-state.sh" "$work/connections" >"$work/message" 2>&1
}
cat "$here/good.json" >"$work/state/wifi-credentials.json"
from_state vfat || fail "from a FAT: $(cat "$work/message")"
[ "$(cat "$mounts")" = "-t vfat -o ro,nosuid,nodev,noexec /dev/sda1 $work/mounted" ] || fail "mounted otherwise: $(cat "$mounts")"
[ "$(cd "$work/connections" && echo shimboot-*)" = "$(cd "$here/good" && echo shimboot-*)" ] || fail "from a FAT: not all"
cp "$work/one.json" "$work/state/wifi-credentials.json"
from_state ext4 || fail "from an ext4: $(cat "$work/message")"
[ "$(tail -n 1 "$mounts")" = "-t ext4 -o ro,noload,nosuid,nodev,noexec /dev/sda1 $work/mounted" ] || fail "mounted otherwise: $(cat "$mounts")"
echo "root:secret" >"$work/secret"
ln -sf "$work/secret" "$work/state/wifi-credentials.json"
cp -a "$work/connections" "$work/before"
if from_state ext4; then fail "follows a link on STATE"; fi
if grep -q secret "$work/message"; then fail "says what a link on STATE leads to"; fi
if from_state xfs; then fail "no STATE that mounts is a success"; fi
diff -r "$work/before" "$work/connections" || fail "a bad STATE changes the connections"
rm "$work/state/wifi-credentials.json"
from_state vfat || fail "a STATE without networks: $(cat "$work/message")"
diff -r "$work/before" "$work/connections" || fail "a STATE without networks changes the connections"

echo '[]' >"$work/none.json"
run "$work/none.json" || fail "an empty list"
[ "$(cd "$work/connections" && echo *)" = other.nmconnection ] || fail "an empty list leaves networks"

[ "$failures" -eq 0 ] && echo "ok"
