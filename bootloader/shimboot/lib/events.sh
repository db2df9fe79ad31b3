# shellcheck shell=sh
# What happens while the menu waits, from all terminals and the clock in one
# stream on descriptor 3:
#
#   tick               a second has gone by
#   key TTY OCTAL…     something was typed

# start_reader INPUT ARGUMENTS…: a shell that writes events. It leads a process
# group, so that its children go with it; the numbers are in a file, for a
# successor of this process to find.
start_reader() {
  input=$1
  shift
  setsid sh "$@" <"$input" >"$run/events" 2>/dev/null &
  echo "$!" >>"$run/readers"
}

start_readers() {
  stop_readers
  rm -f "$run/events"
  mkfifo "$run/events"
  exec 3<>"$run/events"
  start_reader /dev/null -c 'while sleep 1; do echo tick; done'
  for console in $consoles; do
    start_reader "$console" "$shimboot/read-keys" "$console"
  done
}

stop_readers() {
  [ -e "$run/readers" ] || return 0
  while read -r pid; do
    kill -9 -- "-$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done <"$run/readers"
  rm -f "$run/readers"
}

# next_event: sets event, key_tty and keys.
next_event() {
  read -r event key_tty keys <&3
}
