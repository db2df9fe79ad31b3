# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Which terminals are used, and saying something on all of them.
# shellcheck disable=SC2154,SC2034
. "$here/fixture.sh"

listed() { list_consoles 2>/dev/null | sed "s|^$dev/||" | tr '\n' ' '; }

equal "none" "$(listed)" ""
: >"$dev/ttyS0"
echo ttyS0 >"$sys/class/tty/console/active"
equal "serial" "$(listed)" "ttyS0 "
: >"$dev/tty1"
echo "tty0 ttyS0" >"$sys/class/tty/console/active"
equal "screen and serial" "$(listed)" "tty1 ttyS0 "
mkdir -p "$dev/pts" "$proc/77"
: >"$dev/pts/0"
equal "no frecon" "$(listed)" "tty1 ttyS0 "
echo frecon-lite >"$proc/77/comm"
equal "frecon" "$(listed)" "pts/0 tty1 ttyS0 "

echo "12.34 20.00" >"$proc/uptime"
consoles="$dev/gone/x $dev/tty1 $dev/ttyS0"
say "hello"
equal "on both" "$(cat "$dev/tty1" "$dev/ttyS0")" "shimboot: hello
shimboot: hello"
equal "logged" "$(cat "$log")" "[    12.34] hello"
