# shellcheck shell=sh
# The terminals somebody may be looking at, all used at once.

# frecon draws ChromeOS' terminals where the kernel has none. It was started by
# the shim, and its first terminal is the first pseudo terminal.
frecon_tty() {
  grep -qs '^frecon' "$proc"/[0-9]*/comm && [ -e "$dev/pts/0" ] && echo "$dev/pts/0"
}

# list_consoles: the kernel's consoles, the first virtual terminal, frecon's.
# tty0 is whatever virtual terminal is in front.
list_consoles() (
  {
    tr ' ' '\n' <"$sys/class/tty/console/active" | sed "/^tty0\$/d; s|^|$dev/|"
    echo "$dev/tty1"
    frecon_tty
  } | sort -u | while read -r tty; do
    [ -e "$tty" ] && echo "$tty"
  done
)

# on_tty TTY COMMAND…: runs it with the terminal as its own, so that ^C works.
on_tty() {
  tty=$1
  shift
  stty sane <"$tty"
  # shellcheck disable=SC2016 # for the inner shell
  setsid sh -c 'exec <"$0" >"$0" 2>&1; "$@"' "$tty" "$@"
}
