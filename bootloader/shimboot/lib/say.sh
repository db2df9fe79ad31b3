# shellcheck shell=sh
# What the bootloader tells: on all consoles, in its log, in the menu. Parts of
# it come from disks, so nothing reaches any of these but through here, cleaned.

# clean: its input with a "?" for what a terminal could take for more than text.
clean() {
  tr -c '\11\12\40-\176' '?'
}

# printable TEXT: one short line of it.
printable() {
  printf '%s' "$1" | tr '\n' ' ' | clean | cut -c 1-50
}

# note TEXT: into the log, with the seconds since the kernel started.
note() {
  uptime=
  [ ! -r "$proc/uptime" ] || read -r uptime _ <"$proc/uptime"
  printf '[%9s] %s\n' "$uptime" "$*" | clean >>"$log"
}

# note_lines PREFIX: its input, into the log.
note_lines() {
  sed "s/^/$1/" | clean >>"$log"
}

# show: its input on every console.
show() {
  clean | to_consoles
}

# control SEQUENCE: what moves the cursor, a constant with printf's escapes.
control() {
  printf '%b' "$1" | to_consoles
}

# to_consoles: one that is gone is no reason to stop.
to_consoles() {
  shown=$(cat && echo .)
  for console in ${consoles:-$dev/console}; do
    { printf '%s' "${shown%.}" >>"$console"; } 2>/dev/null
  done
}

say() {
  note "$*"
  echo "shimboot: $*" | show
}

# warn TEXT: says it, and the menu shows it.
warn() {
  say "$*"
  echo "$*" | clean >>"$run/notices"
}

# problem TEXT: a warning with the kernel's last words in the log, which tell
# why a mount failed.
problem() {
  warn "error: $*"
  dmesg 2>/dev/null | tail -n 8 | note_lines '            kernel: '
}

# fail TEXT: a problem and a failed status, for `|| fail … || return`.
fail() {
  problem "$@"
  return 1
}
