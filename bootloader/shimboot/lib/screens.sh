# shellcheck shell=sh
# Screens on the terminal whose key asked for them.

# show_file FILE: a page at a time, of what is clean.
show_file() {
  # shellcheck disable=SC2016 # for the inner shell
  on_tty "$key_tty" sh -c 'more "$1"; printf "\n-- Enter goes back to the menu -- "; read -r _' sh "$1"
}

system_info() {
  echo "Linux $(uname -r) $(uname -m), up $(cut -d ' ' -f 1 "$proc/uptime") s"
  echo "kernel command line:"
  fold -w 78 <"$proc/cmdline"
  grep -E '^Mem(Total|Available)' "$proc/meminfo"
  echo "consoles: $consoles"
  echo "this stick: $(own_disks | tr '\n' ' ')"
  cut -d ' ' -f 1 "$run/partitions" | sort -u | while read -r disk; do
    disk_info "$disk"
  done
}

disk_info() {
  size=$(cat "$sys/class/block/$1/size")
  echo "$1: $((size / 2048)) MiB $(cat "$sys/class/block/$1/device/model" 2>/dev/null)"
  awk -v disk="$1" '$1 == disk { print "  " substr($0, length($1) + 2) }' "$run/partitions"
}

# stop_machine reboot|poweroff
stop_machine() {
  say "$1"
  save_log
  sync
  "$1" -f
  fail "$1 did not work"
}
