# shellcheck shell=sh
# How often each system was started without reporting success. $run/tries and
# the files on STATE have lines "ID SYSTEM COUNT": the partition's GUID, a
# generation's number or "-", and the starts.
#
# A system is bad when it had its tries, or when it failed already in this boot:
# then $run/failed has its "ID SYSTEM".

# read_tries: the lines of its input that make sense.
# The last hundred: what is counted now is behind what is of no use any more.
read_tries() {
  head -c 16384 | tr -cd ' -~\n' | grep -Ex '[0-9a-f-]{36} ([0-9]{1,9}|-) [0-9]{1,3}' | tail -n 100
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

# add_try "ID SYSTEM": up to what read_tries takes.
add_try() {
  count=$(($(tries_of "$1") + 1))
  set_tries "$1" "$((count < 999 ? count : 999))"
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

# On STATE they are in two files of one size, of which the older is written over:
# the other one is whole meanwhile. The first line has a number, one more each
# time (0 after the last), and the sum of the others, without the empty ones that
# fill the file.
slot_bytes=8192
slot_numbers=1000000000

# lines_of FILE: what is in it.
lines_of() {
  head -c "$slot_bytes" "$1" | grep .
}

# sum_of_lines: of its input, from the second on.
sum_of_lines() {
  tail -n +2 | sha256sum | cut -d ' ' -f 1
}

# slot N: the number of the file tries.N; fails where that is not whole.
slot() {
  plain_file "$state/shimboot/tries.$1" || return
  lines_of "$state/shimboot/tries.$1" >"$run/slot"
  head -n 1 "$run/slot" | tr -cd ' -~' >"$run/slot.first"
  read -r number sum <"$run/slot.first"
  is_count "$number" && [ "$(sum_of_lines <"$run/slot")" = "$sum" ] && echo "$number"
}

is_count() {
  case $1 in '' | 0?* | *[!0-9]* | ??????????*) return 1 ;; esac
}

# read_slots: sets newest, "" where none is whole, its number, and the other one.
read_slots() {
  first=$(slot 0) || first=-1
  second=$(slot 1) || second=-1
  newest=0 other=1 number=$first
  if is_newer "$second" "$first"; then newest=1 other=0 number=$second; fi
  if [ "$number" -lt 0 ]; then newest= other=0 number=0; fi
}

# is_newer NUMBER OTHER: the way from the other is the shorter one; -1 is none.
is_newer() {
  [ "$1" -ge 0 ] || return
  ahead=$((($1 - $2 + slot_numbers) % slot_numbers))
  [ "$2" -lt 0 ] || { [ "$ahead" -gt 0 ] && [ "$ahead" -lt $((slot_numbers / 2)) ]; }
}

# newest_tries: of STATE; or what an older bootloader left there.
newest_tries() {
  read_slots
  if [ -n "$newest" ]; then
    lines_of "$state/shimboot/tries.$newest" | tail -n +2
  elif plain_file "$state/shimboot/tries"; then
    lines_of "$state/shimboot/tries"
  fi
}

put_tries() {
  number=0 other=0
  ! plain_dir "$state/shimboot" || read_slots
  {
    echo
    read_tries <"$run/tries"
  } >"$run/slot"
  {
    echo "$(((number + 1) % slot_numbers)) $(sum_of_lines <"$run/slot")"
    tail -n +2 "$run/slot"
  } >"$run/slot.new"
  filled "$run/slot.new" "$slot_bytes" >"$run/slot"
  write_over "$run/slot" "tries.$other"
}
