# shellcheck shell=sh
# What the bootloader tells: on all consoles, in its log, in the menu.

# note TEXT: into the log, with the seconds since the kernel started.
note() {
  uptime=
  [ ! -r "$proc/uptime" ] || read -r uptime _ <"$proc/uptime"
  printf '[%9s] %s\n' "$uptime" "$*" >>"$log"
}

# show: its input on every console. One that is gone is no reason to stop.
show() {
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
  echo "$*" >>"$run/notices"
}

# problem TEXT: a warning with the kernel's last words in the log, which tell
# why a mount failed.
problem() {
  warn "error: $*"
  dmesg 2>/dev/null | tail -n 8 | sed 's/^/            kernel: /' >>"$log"
}

# fail TEXT: a problem and a failed status, for `|| fail … || return`.
fail() {
  problem "$@"
  return 1
}
