# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# shimboot.conf: what is understood takes effect, the rest is said.
# shellcheck disable=SC2016,SC2154
. "$here/fixture.sh"

# settings TEXT: prints what comes of it.
settings() {
  rm -f "$run/notices"
  printf '%b' "$1" >file
  defaults
  read_conf file
  echo "$conf_timeout/$conf_default/$conf_tries/$conf_wait"
}

equal "nothing" "$(settings '')" "5//3/20"
equal "all" "$(settings 'timeout = 30\ndefault=my nixos\ntries=1\nwait = 90\n')" "30/my nixos/1/90"
equal "comments and blanks" "$(settings '# timeout = 30\n\n   \n\ttimeout\t=\t7')" "7//3/20"
equal "at once" "$(settings 'timeout=0')" "0//3/20"
equal "never" "$(settings 'timeout = menu')" "menu//3/20"
equal "another system's editor" "$(settings 'timeout = 9\r\nwait=8\r\n')" "9//3/8"
fails "no notice" test -e "$run/notices"

for line in 'timeout = soon' 'timeout = -1' 'timeout = 99999' 'timeout = 08' 'timeout =' 'timeout' 'tries = 0' 'color = blue' 'default' '= 5' 'timeout = $(reboot)'; do
  equal "$line" "$(settings "$line")" "5//3/20"
  equal "notice of $line" "$(cat "$run/notices")" "shimboot.conf, line 1: \"$line\" is not understood"
done

equal "what is wrong does not spoil the rest" "$(settings 'x\ntimeout = 1')" "1//3/20"
equal "escapes do not reach the screen" \
  "$(settings '\033[2Jx = 1')$(cat "$run/notices")" '5//3/20shimboot.conf, line 1: "?[2Jx = 1" is not understood'
equal "nothing is carried out" "$(settings 'default = $(echo hello)')" '5/$(echo hello)/3/20'

# Of many, the first five are said, and that there are more.
rm -f "$run/notices"
{ yes x | head -n 100 && echo "timeout = 7"; } >many
read_conf many
equal "many lines" "$conf_timeout $(wc -l <"$run/notices") $(tail -n 1 "$run/notices")" \
  "7 6 shimboot.conf: more lines are not understood"

# Random bytes, a megabyte of them, do no harm.
dd if=/dev/urandom of=noise bs=1024 count=1024 2>/dev/null
rm -f "$run/notices"
defaults
read_conf noise
equal "noise" "$conf_timeout" 5
