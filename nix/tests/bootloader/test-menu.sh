# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Keys, the clock, and what is on the screen.
# shellcheck disable=SC2154,SC2034
. "$here/fixture.sh"

number=0
while [ "$number" -lt 14 ]; do
  number=$((number + 1))
  echo "mmcblk0p4 A $((100 - number)) auto 26.05.20261120.0123456 2026-11-20 a name of thirty-six characters, no" >>"$run/entries"
done
# The events come from a file, in place of the terminals.
start_readers() { exec 3<"$PWD/events"; }
stop_readers() { :; }

# after EVENTS: what the menu ends with.
after() {
  printf '%b' "$1" >events
  echo 'key tty 160' >>events
  attended=
  menu
  echo "$action $selected"
}
enter='key tty 015\n'
equal "nobody" "$(after 'tick\ntick\ntick\ntick\ntick\n')" "start 1"
equal "four seconds are not enough" "$(after 'tick\ntick\ntick\ntick\n')" "poweroff 1"
equal "a key stops the clock" "$(after 'tick\nkey tty 170\ntick\ntick\ntick\ntick\ntick\ntick\n')" "poweroff 1"
equal "Enter" "$(after "$enter")" "start 1"
equal "a number" "$(after "key tty 063\n$enter")" "start 3"
equal "of two digits" "$(after "key tty 061\nkey tty 062\n$enter")" "start 12"
equal "at once" "$(after 'key tty 061 062 012\n')" "start 12"
equal "too large" "$(after "key tty 061\nkey tty 071\n$enter")" "start 9"
equal "none" "$(after "key tty 060\n$enter")" "start 1"
equal "arrows" "$(after "key tty 033 133 102\nkey tty 033 133 102\nkey tty 033 133 101\n$enter")" "start 2"
equal "not below the last" "$(after "key tty 061 064 033 133 102 015\n")" "start 14"
equal "half an arrow" "$(after "key tty 033 133\n$enter")" "start 1"
for key in e:shell r:root-shell f:check l:log i:info s:rescan b:reboot p:poweroff; do
  equal "$key" "$(after "key tty $(octal "${key%%:*}")\n")" "${key#*:} 1"
done
conf_timeout=0
equal "at once" "$(after '')" "start 1"
conf_timeout=menu
equal "never" "$(after 'tick\ntick\ntick\n')" "poweroff 1"

# What it looks like.
mkdir -p "$sys/class/power_supply/AC" "$sys/class/power_supply/BAT0"
echo Mains >"$sys/class/power_supply/AC/type"
echo Battery >"$sys/class/power_supply/BAT0/type"
echo 83 >"$sys/class/power_supply/BAT0/capacity"
echo Discharging >"$sys/class/power_supply/BAT0/status"
equal "battery" "$(battery)" "battery 83 % Discharging"
echo "A 98 2" >"$run/tries"
number=0
while [ "$number" -lt 20 ]; do
  number=$((number + 1))
  echo "notice number $number, which is much longer than what there is place for in a line of eighty" >>"$run/notices"
done
count=14 selected=14 left=5
: >screen
redraw
equal "lines" "$(($(wc -l <screen) < 24))" 1
equal "columns" "$(tr -d '\033\r' <screen | sed 's/^\[H\[2J//' | awk 'length > 79' | wc -l)" 0
equal "the chosen one" "$(grep -c '  > 14  a name of thirty- *generation 86  2026-11-20  26.05.20261120  *(mmcblk0p4)' screen)" 1
selected=1
: >screen
redraw
equal "tries" "$(grep -c 'generation 98  2026-11-20  2 starts  *(mmcblk0p4)' screen)" 1
