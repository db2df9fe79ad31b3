# shellcheck shell=sh
# How often each system was started without reporting success. $run/tries and
# the file on STATE have lines "ID SYSTEM COUNT": the partition's GUID, a
# generation's number or "-", and the starts.
#
# A system is bad when it had its tries, or when it failed already in this boot:
# then $run/failed has its "ID SYSTEM".

# read_tries: the lines of its input that make sense.
read_tries() {
  head -c 16384 | tr -cd ' -~\n' | grep -Ex '[0-9a-f-]{36} ([0-9]{1,9}|-) [0-9]{1,3}' | head -n 100
}

# tries_of "ID SYSTEM"
tries_of() {
  awk -v entry="$1" '$1 " " $2 == entry { count = $3 } END { print count + 0 }' "$run/tries"
}

# set_tries "ID SYSTEM" COUNT: 0 takes it off the list.
set_tries() {
  awk -v entry="$1" -v count="$2" '
    $1 " " $2 != entry { print }
    END { if (count) print entry, count }' "$run/tries" >"$run/tries.new"
  mv "$run/tries.new" "$run/tries"
}

add_try() {
  set_tries "$1" "$(($(tries_of "$1") + 1))"
}

entry_failed() {
  echo "$1" >>"$run/failed"
}

failed_now() {
  grep -qsxF "$1" "$run/failed"
}

# worn_out "ID SYSTEM": it had its tries.
worn_out() {
  [ "$(tries_of "$1")" -ge "$conf_tries" ]
}
