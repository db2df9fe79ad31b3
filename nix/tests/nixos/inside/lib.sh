# shellcheck shell=sh disable=SC2034 # for the scripts
# What the machine's scripts have in common. The disk they are on has NAME, a file with
# the store path of each system that is to be had, and cache, which has those.
set -eu
parcel=$(dirname "$0")
profile=/nix/var/nix/profiles/system
# shellcheck disable=SC2154 # set by the shell
trap 'status=$?; [ "$status" -eq 0 ] || echo "inside: ${0##*/} failed"' EXIT

# told WHAT WORDS…: a line that plays wait for.
told() {
  echo "inside: $*"
}

# same WHAT GOT WANT
same() {
  [ "$2" = "$3" ] || {
    told "$1: $2, and not $3"
    exit 1
  }
}

# is_up: waits until all is, and says when that was, in seconds since Linux began.
is_up() {
  state=$(systemctl is-system-running --wait) || {
    systemctl list-units --failed --no-legend --plain
    same "the system" "$state" running
  }
  finished=$(systemctl show --value --property FinishTimestampMonotonic)
  told "running $((finished / 1000000))"
}

# fetch NAME: that system, out of the cache. Prints its path.
fetch() {
  path=$(cat "$parcel/$1")
  nix copy --no-check-sigs --from "file://$parcel/cache" "$path" >&2
  echo "$path"
}

# all_there: the store has all that its database says. (What is in it was looked at
# from outside, and takes minutes here.)
all_there() {
  nix-store --verify >/run/verify 2>&1 || {
    cat /run/verify
    exit 1
  }
}

# refused COMMAND…: "refused", or "taken"; why is on the console.
refused() {
  if "$@" >/run/refused 2>&1; then
    echo taken
  else
    tail -n 2 /run/refused >&2
    echo refused
  fi
}

# has_firewall: it is up, and has both chains.
has_firewall() {
  same "the firewall" "$(systemctl is-active firewall)" active
  for program in iptables ip6tables; do
    same "$program" "$($program -w -S INPUT | grep -c -- '-j nixos-fw$')" 1
  done
}

# Nix' own, and the least that there is to build.
# shellcheck disable=SC2016
trivial='derivation { name = "trivial"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo > $out" ]; }'

# takes_dumps: a program that crashes leaves its dump, by the kernel's way to the one who
# takes it.
takes_dumps() {
  # shellcheck disable=SC2016 # its own
  runuser -u nobody -- sh -c 'kill -SEGV $$' || true
  until coredumpctl --no-legend list 2>/run/coredumpctl | grep -q SIGSEGV; do sleep 1; done
}
