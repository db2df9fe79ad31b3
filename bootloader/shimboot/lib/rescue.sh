# shellcheck shell=sh
# The shell that a failed boot ends in.

rescue() {
  say "a shell follows; leave it to try again, \"reboot -f\" to restart"
  # setsid and cttyhack give it a controlling terminal, so that ^C works.
  setsid cttyhack sh -i
  # Without a console the shell ends at once; do not spin.
  sleep 5
}
