# shellcheck shell=sh
# What the menu looks like.

menu_lines=10 # entries seen at once

draw_menu() {
  control '\033[H\033[2J\n'
  menu_text | cut -c 1-79 | show
}

menu_text() {
  echo "shimboot $(cat "$shimboot/version")   $(cat "$shimboot/board")   Linux $(uname -r)   $(battery)"
  echo
  if [ -s "$run/notices" ]; then
    tail -n 4 "$run/notices"
    echo
  fi
  if [ "$count" -eq 0 ]; then
    echo "    There is nothing to start."
  else
    numbered_entries | sed -n "$(first_line),\$p" | head -n "$menu_lines"
  fi
  cat <<'HELP'

  Enter  start          number, arrows  choose     s  look for disks again
  e  shell              r  shell in the system     f  check its file system
  l  log                i  information             b  reboot   p  power off

HELP
}

# first_line: of the part of the list that is shown.
first_line() {
  [ "$selected" -gt "$menu_lines" ] && echo $((selected - menu_lines + 1)) || echo 1
}

numbered_entries() {
  number=0
  while read -r partition id system _ version date name; do
    number=$((number + 1))
    mark=' '
    [ "$number" -ne "$selected" ] || mark='>'
    printf '  %s %2d  %-17.17s %-41s (%s)\n' "$mark" "$number" "$name" "$(entry_text)" "$partition"
  done <"$run/entries"
}

# entry_text: what there is to say of $id, $system, $version and $date.
entry_text() {
  case $system in
    -) text= ;;
    holds:*) text="$(in_words "${system#*:}")" ;;
    encrypted-both) text="encrypted, its headers are broken" ;;
    encrypted-mixed) text="encrypted, its headers are of two LUKS" ;;
    encrypted-*) text="encrypted, its ${system#*-} header is broken" ;;
    *[!0-9]*) text=$system ;;
    *) text="generation $system" ;;
  esac
  tries=$(tries_of "$id $system")
  if failed_now "$id $system"; then
    version="failed"
  elif [ "$tries" -gt 1 ]; then
    version="$tries starts"
  fi
  for part in "$date" "$version"; do
    [ "$part" = - ] || text="$text  $(printf '%.14s' "$part")"
  done
  echo "$text"
}

battery() {
  for supply in "$sys"/class/power_supply/*; do
    if [ "$(cat "$supply/type" 2>/dev/null)" = Battery ] && [ -r "$supply/capacity" ]; then
      echo "battery $(cat "$supply/capacity") % $(cat "$supply/status" 2>/dev/null)"
      return
    fi
  done
}
