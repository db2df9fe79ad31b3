# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# What comes from a disk does nothing to a terminal, wherever it is told.
# shellcheck disable=SC2016,SC2034,SC2154
. "$here/fixture.sh"
dmesg() { printf 'label \033]0;x\007\n'; }

bad=$(printf 'a\033[2J\r\b\177\233b')
: >screen
say "$bad"
problem "$bad"
printf '%s\n' "$bad" | show
printf '%s\n' "$bad" | note_lines '    '
for file in screen "$log" "$run/notices"; do
  equal "$file" "$(tr -d '\11\12\40-\176' <"$file" | wc -c)" 0
done
equal "the rest of it stays" "$(cat "$run/notices")" "error: a?[2J????b"

# No other way there: neither to a console, nor into the log or the notices.
cat "$shimboot"/lib/*.sh "$shimboot/main" "$shimboot/boot-success" "$shimboot/undo-handover" |
  grep -E '>+ *"?(\$log|\$\{log|\$run/notices|\$console|\$dev/console|/dev/console|\$key_tty)' >ways
equal "ways" "$(sed 's/^ *//' ways)" "[ -e \"\$dev/console\" ] || : >\"\$dev/console\"
printf '[%9s] %s\\n' \"\$uptime\" \"\$*\" | clean >>\"\$log\"
sed \"s/^/\$1/\" | clean >>\"\$log\"
{ printf '%s' \"\${shown%.}\" >>\"\$console\"; } 2>/dev/null
echo \"\$*\" | clean >>\"\$run/notices\""
# What moves the cursor is a constant.
fails "no variable in a sequence" grep -rnE "^[^#]*control [^']" "$shimboot/lib" "$shimboot/main"
fails "raw output" grep -rn to_consoles "$shimboot/main" "$shimboot/boot-success"
equal "raw output" "$(cat "$shimboot"/lib/*.sh | grep -c to_consoles)" 4
