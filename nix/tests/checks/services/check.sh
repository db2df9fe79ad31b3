#!/bin/sh
# Has systemd-analyze judge units: check.sh ROOT UNITS EXPOSURE, with a root that
# has it, a folder of units, and a file of lines "UNIT EXPOSURE", the latter ten
# times the figure that `systemd-analyze security` shows.
set -eu
root=$1
units=$2
exposure=$3
failures=0

fail() {
  echo "FAIL  $*"
  failures=$((failures + 1))
}

# security UNIT THRESHOLD: fails where the unit is more exposed.
security() {
  bwrap --unshare-all --die-with-parent --uid 0 --clearenv --setenv PATH /usr/sbin:/usr/bin --setenv LC_ALL C.UTF-8 \
    --ro-bind "$root" / --proc /proc --dev /dev --tmpfs /run --tmpfs /tmp --ro-bind "$units" /mnt \
    systemd-analyze security --offline=true --no-pager --threshold="$2" "/mnt/$1.service" >table 2>&1
}

for file in "$units"/*.service; do
  unit=$(basename "$file" .service)
  most=$(sed -n "s/^$unit //p" "$exposure")
  if [ -z "$most" ]; then
    fail "$unit is not in ${exposure##*/}"
  elif ! security "$unit" "$most"; then
    cat table
    fail "$unit is more exposed than $most"
  elif security "$unit" $((most - 1)); then
    cat table
    fail "$unit is less exposed than $most: write it down"
  else
    echo "ok    $unit: $most"
  fi
done
[ "$failures" -eq 0 ]
