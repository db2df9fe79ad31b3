#!/bin/sh
# Kills the import of networks before each change that it makes: wifi.sh SCRIPTS,
# with modules/wifi. What it writes is in memory, so nothing of it survives a power
# cut; but NetworkManager starts whatever became of the import. There have to be
# the networks of the old import then or those of the new one, and others' files
# as they were. The next import ends with the new ones, and leaves no more behind.
set -eu
scripts=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo '[{ "ssid": "one", "psk": "12345678" }, { "ssid": "two" }, { "ssid": "three" }]' >old.json
echo '[{ "ssid": "uno", "psk": "12345678" }, { "ssid": "two" }]' >new.json

# In the place of the programs that change files: each change is a step, and the
# script is killed before the one that is asked for.
mkdir bin
cat >bin/step <<'STEP'
#!/bin/sh
name=${0##*/}
step() {
  count=$(($(cat "$steps") + 1))
  echo "$count" >"$steps"
  [ "$count" -ne "$kill_before" ] || {
    kill -9 "$PPID"
    exit 137
  }
  PATH=${PATH#*:} "$name" "$@"
}
case $name in
  rm)
    flags=-f
    case $1 in -*)
      flags=$1
      shift
      ;;
    esac
    for file; do step "$flags" "$file"; done
    ;;
  *) step "$@" ;;
esac
STEP
chmod +x bin/step
for program in rm mv mkdir mktemp chmod cp ln dd; do ln -s step "bin/$program"; done

# import JSON NUMBER: killed before that step; 0 is never.
import() {
  echo 0 >steps
  : >said
  steps=$PWD/steps kill_before=$2 PATH=$PWD/bin:$PATH sh "$scripts/import.sh" "$1" "$PWD/connections" >said 2>&1
}

# networks: what NetworkManager reads.
networks() {
  (cd connections && for file in *; do [ ! -e "$file" ] || echo "$file: $(cat "$file")"; done)
}

# begin: as after the old import.
begin() {
  rm -rf connections
  import old.json 0
  echo "of NetworkManager" >connections/own.nmconnection
}
begin || {
  cat said
  exit 1
}
networks >old
import new.json 0 || {
  cat said
  exit 1
}
networks >new
names=$(find connections | wc -l)
last=$(cat steps)
[ "$last" -ge 6 ]

lost=0
fault() {
  echo "LOST  killed before step $kill of $last: $*"
  lost=$((lost + 1))
}
kill=0
while [ "$kill" -lt "$last" ]; do
  kill=$((kill + 1))
  begin
  if import new.json "$kill"; then
    echo "step $kill is not reached"
    exit 1
  fi
  networks >now 2>&1
  cmp -s now old || cmp -s now new || fault "neither the old networks nor the new: $(cut -d : -f 1 now | tr '\n' ' ')"
  import new.json 0 || fault "the next import: $(cat said)"
  networks >now 2>&1
  cmp -s now new || fault "the next import makes others"
  [ "$(find connections | wc -l)" -eq "$names" ] || fault "something is left: $(find connections -name '.*' | tr '\n' ' ')"
done
echo "$last kills; lost: $lost"
[ "$lost" -eq 0 ]
