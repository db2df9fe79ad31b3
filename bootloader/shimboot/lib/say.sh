# shellcheck shell=sh
# What the bootloader tells: on its console and in /shimboot/log.

say() {
  echo "shimboot: $*"
  echo "$*" >>/shimboot/log
}

# fail REASON: says it and gives a failed status, for `|| fail … || return`.
fail() {
  say "error: $*"
  return 1
}
