#!/bin/sh
# An import is whole, or nothing has changed: when it is killed, when there is no
# room, when somebody has changed a network by hand.
set -eu
# shellcheck source=nix/tests/checks/wifi/lib.sh
. "$(dirname "$0")/lib.sh"

run "$work/one.json" || fail "one.json: $(cat "$work/message")"
: >"$work/connections/other.nmconnection"

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
[ "$when $step" != "before $kill_at" ] || {
  kill -9 "$PPID"
  exit 137
}
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

done_with "whole or as it was: $cuts kills, $(wc -l <"$work/fulls") sizes of room"
