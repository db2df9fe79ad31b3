# shellcheck shell=sh
# The menu, the same on every console, within 80 columns and 24 lines. Any key
# stops the clock; a number chooses, Enter starts.

# Somebody who has pressed a key is not hurried afterwards.
attended=

# menu: sets action and selected. Without a key, the default starts in time.
menu() {
  action=
  count=$(wc -l <"$run/entries")
  selected=
  copies_there || selected=$(default_entry)
  left=
  digits=
  if [ -z "$selected" ]; then
    selected=1
  else
    passed_over "$selected" | while read -r line; do warn "$line"; done
    if [ -z "$attended" ] && [ "$conf_timeout" != menu ]; then
      left=$conf_timeout
    fi
  fi
  if [ "$left" = 0 ]; then
    action=start
    return
  fi
  start_readers
  redraw
  while [ -z "$action" ]; do
    next_event || continue
    case $event in
      tick) count_down ;;
      key) press_keys ;;
    esac
  done
  stop_readers
  rm -f "$run/notices"
}

redraw() {
  draw_menu
  show_clock
}

show_clock() {
  [ -n "$left" ] || return 0
  control '\r'
  printf 'Starting number %s in %s s; any key stops the clock. ' "$selected" "$left" | show
}

# count_down: a second less. Where there is nothing to start, something may have
# been plugged in.
count_down() {
  if [ "$count" -eq 0 ]; then
    scan_partitions
    root_found && action=rescan
  fi
  [ -n "$left" ] || return
  left=$((left - 1))
  show_clock
  [ "$left" -gt 0 ] || {
    echo | show
    start_unasked
  }
}

# start_unasked: unless a copy of our own disk has come up meanwhile.
start_unasked() {
  scan_partitions
  if copies_there; then action=rescan; else action=start; fi
}

# press_keys: those of the event, in octal. An arrow is three.
press_keys() {
  left=
  attended=yes
  # shellcheck disable=SC2086 # a word each
  set -- $keys
  while [ $# -gt 0 ] && [ -z "$action" ]; do
    case "$*" in
      '033 133 '*)
        [ $# -ge 3 ] || return 0
        press_arrow "$3"
        shift 3
        ;;
      *)
        press "$1"
        shift
        ;;
    esac
  done
  [ -n "$action" ] || redraw
}

press_arrow() {
  case $1 in
    101) select_entry $((selected - 1)) ;;
    102) select_entry $((selected + 1)) ;;
  esac
}

press() {
  case $1 in
    012 | 015) [ "$count" -eq 0 ] || action=start ;;
    06? | 07[01]) press_digit $(($1 - 060)) ;;
    145) action=shell ;;      # e
    162) action=root-shell ;; # r
    146) action=check ;;      # f
    154) action=log ;;        # l
    151) action=info ;;       # i
    163) action=rescan ;;     # s
    142) action=reboot ;;     # b
    160) action=poweroff ;;   # p
  esac
}

# press_digit DIGIT: 1 then 2 is 12, where there are so many.
press_digit() {
  digits=$digits$1
  select_entry "$digits" || {
    digits=$1
    select_entry "$digits" || digits=
  }
}

select_entry() {
  [ "$1" -ge 1 ] && [ "$1" -le "$count" ] && selected=$1
}
