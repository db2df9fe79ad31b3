# shellcheck shell=sh
# What can be started: each root, and of a NixOS root each generation.
# $run/entries has a line each, in the menu's order:
#
#   PARTITION ID SYSTEM AUTO VERSION DATE NAME
#
# SYSTEM is a generation's number, "-" for a root's own /sbin/init, "encrypted",
# "encrypted-" and which header of it is broken (headers.sh), "unencrypted" (to be
# encrypted first), "damaged" (an ext4 that does not mount) or "holds:" and what of
# contents.sh there is instead. AUTO is "auto" for what may be started unasked: not a
# generation newer than the one the profile names.

list_entries() {
  { in_default_order <"$run/roots" || :; } | while read -r partition id name; do
    root_entries "$partition" "$id" "$name"
  done
}

# in_default_order: roots with the default's name first.
in_default_order() {
  awk -v default="$conf_default" '
    { name = substr($0, length($1 $2) + 3) }
    name == default { print; next }
    { others = others $0 "\n" }
    END { printf "%s", others }'
}

root_entries() {
  if has_cryptsetup && [ "$(disk_with "$1")" = "$(own_disk)" ] && ! unlocked "$1" && head_saved "$1"; then
    restore_head "$1" || problem "the beginning of $1 could not be put back"
  fi
  held=$(contents "$(root_device "$1")")
  if [ "$held" = LUKS ] && ! unlocked "$1"; then
    broken=$(broken_header "$dev/$1")
    echo "$1 $2 encrypted${broken:+-$broken} auto - - $3"
  elif [ "$held" != ext4 ]; then
    echo "$1 $2 holds:$held - - - $3"
  elif ! unlocked "$1" && encryption_due "$1"; then
    echo "$1 $2 unencrypted auto - - $3"
  elif mount_root ro "$(root_device "$1")" 2>/dev/null; then
    mounted_root_entries "$@"
    leave_root
  else
    echo "$1 $2 damaged - - - $3"
  fi
}

mounted_root_entries() {
  current=$(current_generation)
  list_generations >"$run/generations"
  if ! [ -s "$run/generations" ]; then
    echo "$1 $2 - auto - - $3"
    return
  fi
  while read -r number version date; do
    auto=auto
    [ "$number" -le "${current:-$number}" ] || auto=-
    echo "$1 $2 $number $auto $version $date $3"
  done <"$run/generations"
}

# read_entry NUMBER: sets entry, "ID SYSTEM", and its parts.
read_entry() {
  line=$(sed -n "${1:-0}p" "$run/entries") 2>/dev/null
  [ -n "$line" ] || return
  read -r entry_partition entry_id entry_system _ _ _ entry_name <<LINE
$line
LINE
  entry="$entry_id $entry_system"
}

# default_entry: the number of the entry to start unasked: the first that is not
# worn out, or the first at all when all are. Nothing when all failed just now.
default_entry() {
  first=
  number=0
  while read -r _ id system auto _; do
    number=$((number + 1))
    if [ "$auto" != auto ] || failed_now "$id $system"; then continue; fi
    first=${first:-$number}
    worn_out "$id $system" && continue
    echo "$number"
    return
  done <"$run/entries"
  echo "$first"
}

# passed_over NUMBER: what was better placed than the default but is worn out.
passed_over() {
  read_entry "$1" || return
  chosen=$entry
  number=0
  while read -r _ id system auto _ _ name; do
    [ "$id $system" != "$chosen" ] || break
    if [ "$auto" != auto ] || ! worn_out "$id $system"; then continue; fi
    echo "$(title "$system" "$name") was started $(tries_of "$id $system") times without success"
  done <"$run/entries"
}

# title SYSTEM NAME
title() {
  case $1 in
    *[!0-9]*) echo "\"$2\"" ;;
    *) echo "\"$2\" generation $1" ;;
  esac
}
