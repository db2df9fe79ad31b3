# shellcheck shell=sh
# The logs on STATE: boot-1.log is this boot's, and each of the others has one place more
# than at the last boot. $run/logs has them all, cleaned, by the place that they came from,
# and 0 is this boot's; $run/log-order has which of them are kept, from the newest, and
# $run/log-places where they can be written. So a place that fails costs the oldest alone.

# put_log: this boot's log, in front of the others.
put_log() {
  [ -e "$run/log-order" ] || read_logs
  if [ -s "$run/errors" ]; then
    note_lines '            printed: ' <"$run/errors"
    : >"$run/errors"
  fi
  tail -c "$log_bytes" "$log" >"$run/log-tail"
  filled "$run/log-tail" "$log_bytes" >"$run/logs/0"
  until write_logs; do :; done
  if ! [ -s "$run/log-places" ]; then
    rm "$run/log-order" # another time, perhaps
    state_problem "STATE cannot be written (full, or read-only?)"
  elif [ -s "$run/log-failed" ]; then
    warn "STATE has what cannot be written: $(tr '\n' ' ' <"$run/log-failed")"
    : >"$run/log-failed"
    # What is old there, or half of a log, is elsewhere.
    while read -r place; do rm -f "$state/shimboot/boot-$place.log" 2>/dev/null; done <"$run/log-stale"
  fi
}

# read_logs: those of the boots before, which may be anybody's.
read_logs() {
  mkdir -p "$run/logs"
  for list in places failed stale; do : >"$run/log-$list"; done
  echo 0 >"$run/log-order"
  place=1
  while [ "$place" -le "$logs_kept" ]; do
    echo "$place" >>"$run/log-places"
    if plain_file "$state/shimboot/boot-$place.log"; then
      filled "$state/shimboot/boot-$place.log" "$log_bytes" >"$run/logs/$place"
      echo "$place" >>"$run/log-order"
    fi
    place=$((place + 1))
  done
}

# write_logs: each into its place, from the oldest, so that each is whole where it was or
# where it goes. Fails where one could not be written: that place is left out then.
write_logs() {
  pair_logs | sort -r >"$run/log-pairs"
  while read -r place from; do
    place_log "$place" "$from" || return
  done <"$run/log-pairs"
}

# pair_logs: a place and a log a line.
pair_logs() {
  while read -r place && read -r from <&3; do echo "$place $from"; done <"$run/log-places" 3<"$run/log-order"
}

# place_log PLACE LOG: where the medium fails, into a file on other sectors, while the old
# one keeps the bad ones to itself, under another name.
place_log() {
  file=$state/shimboot/boot-$1.log
  if plain_file "$file" && cmp -s "$run/logs/$2" "$file"; then return; fi
  aside=
  ! [ -e "$file" ] || aside=$state/shimboot/bad-$1.log
  ! written "$run/logs/$2" "boot-$1.log" || return 0
  echo "boot-$1.log" >>"$run/log-failed"
  if ! [ "$aside" ]; then
    rm -f "$file"
  elif ! mv -f "$file" "$aside" 2>/dev/null; then
    # It stays, and so need not be kept anywhere else.
    without "$1" "$run/log-order"
  elif written "$run/logs/$2" "boot-$1.log"; then
    sync
    return
  else
    mv -f "$aside" "$file"
    echo "$1" >>"$run/log-stale"
  fi
  without "$1" "$run/log-places"
  return 1
}

# without LINE FILE
without() {
  grep -vx "$1" "$2" >"$run/log-others"
  cp "$run/log-others" "$2"
}
