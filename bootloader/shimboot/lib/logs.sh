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
    all_places # another time, perhaps
    cp "$run/log-all" "$run/log-order"
    state_problem "STATE cannot be written (full, or read-only?)"
  elif [ -s "$run/log-failed" ]; then
    warn "STATE has what cannot be written: $(tr '\n' ' ' <"$run/log-failed")"
    : >"$run/log-failed"
    remove_stale
  fi
}

# remove_stale: what was left in a place would be a log of the wrong age, or half of one.
# Where nothing could be written, all that was said to fail may be there.
remove_stale() {
  [ -s "$run/log-written" ] || return
  while read -r place; do rm -f "$state/shimboot/boot-$place.log" 2>/dev/null; done <"$run/log-stale"
}

# read_logs: those of the boots before, which may be anybody's.
read_logs() {
  mkdir -p "$run/logs"
  filled /dev/null "$log_bytes" >"$run/logs/none"
  echo 0 >"$run/log-order"
  all_places
  while read -r place; do
    if plain_file "$state/shimboot/boot-$place.log"; then
      filled "$state/shimboot/boot-$place.log" "$log_bytes" >"$run/logs/$place"
      echo "$place" >>"$run/log-order"
    fi
  done <"$run/log-places"
  cp "$run/log-order" "$run/log-all"
}

all_places() {
  for list in places failed stale written; do : >"$run/log-$list"; done
  place=1
  while [ "$place" -le "$logs_kept" ]; do
    echo "$place" >>"$run/log-places"
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

# pair_logs: a place and a log a line. Where there are fewer logs, nothing is left in the
# others.
pair_logs() {
  while read -r place; do
    read -r from <&3 || from=none
    echo "$place $from"
  done <"$run/log-places" 3<"$run/log-order"
}

# place_log PLACE LOG: where the medium fails, into a file on other sectors, while the old
# one keeps the bad ones to itself, under a name that nothing has yet.
place_log() {
  file=$state/shimboot/boot-$1.log
  if plain_file "$file" && cmp -s "$run/logs/$2" "$file"; then return; fi
  if [ "$2" = none ] && ! [ -e "$file" ] && ! [ -L "$file" ]; then return; fi
  there=
  ! plain_file "$file" || there=yes
  if written "$run/logs/$2" "boot-$1.log"; then
    echo "$1" >>"$run/log-written"
    return
  fi
  echo "boot-$1.log" >>"$run/log-failed"
  aside=$state/shimboot/bad-$1.log
  if ! [ "$there" ]; then
    ! plain_file "$file" || rm -f "$file"
  elif [ -e "$aside" ] || [ -L "$aside" ]; then
    echo "$1" >>"$run/log-stale"
  elif mv "$file" "$aside"; then
    if written "$run/logs/$2" "boot-$1.log"; then
      sync
      echo "$1" >>"$run/log-written"
      return
    fi
    rm -f "$file" && mv "$aside" "$file"
    echo "$1" >>"$run/log-stale"
  elif stays "$1"; then
    without "$1" "$run/log-order"
  else
    echo "$1" >>"$run/log-stale"
  fi
  without "$1" "$run/log-places"
  return 1
} 2>/dev/null

# stays PLACE: whether what came from there is there still, so that it need not be kept
# anywhere else.
stays() {
  filled "$state/shimboot/boot-$1.log" "$log_bytes" | cmp -s "$run/logs/$1" -
}

# without LINE FILE
without() {
  grep -vx "$1" "$2" >"$run/log-others"
  cp "$run/log-others" "$2"
}
