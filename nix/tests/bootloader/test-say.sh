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

# Whatever programs print, also on the way to a failure: nothing of it comes out
# elsewhere, and where it is told it is clean.
entry_name=nixos entry_partition=sda4 entry_id=A entry_system=- passphrase=x
noisy() {
  printf '%s\n' "$bad"
  printf '%s\n' "$bad" >&2
  return 4
}
e2fsck() { noisy; }
cryptsetup() { case $1 in luksDump) echo '"online-reencrypt' ;; *) noisy ;; esac }
asked_for() { :; }
save_log() { :; }
make_ext4 "$dev/sda4" 16 65536
: >"$run/failed"
check_root >out 2>&1
plant "$dev/sda4" 0 4c554b53babe
plant "$dev/sda4" 1080 0000
crypt() { noisy 2>"$run/cryptsetup"; }
finish_encryption >>out 2>&1
open_root >>out 2>&1
mkdir -p "$newroot/sbin" "$newroot/d" "$sys/class/block/sda" "$proc/sys"
printf '#!/%s\n' "$bad" >"$newroot/sbin/init"
chmod +x "$newroot/sbin/init"
mkdir -p "$newroot/$bad"
check_init /sbin/init >>out 2>&1
# What was printed on the way is no terminal's: the bootloader's own output is a
# file, and what is there comes into the log with the next save.
equal "own output" "$(grep -c '^exec >>"$run/errors" 2>&1$' "$shimboot/main")" 1
cp out "$run/errors"
state=$PWD/state
mkdir state
put_log
for file in screen "$log" "$run/notices"; do
  equal "$file, after all of that" "$(tr -d '\11\12\40-\176' <"$file" | wc -c)" 0
done

# No other way there. Everything that is written to, in all that runs: nothing, what
# is there already, or a file of the bootloader's own, of which none is shown as it
# is; and these.
files="$shimboot/main $shimboot/boot-success $shimboot/undo-handover $shimboot/read-keys $here/../../../bootloader/bin/init"
# shellcheck disable=SC2086 # a word each
sed -E -e 's/^ *#.*//' -e 's,> +(["$/]),>\1,g' "$shimboot"/lib/*.sh $files >code
own='(tries|tries.read|tries.new|slot|slot.new|slot.first|state-problem|log-whole|log-turned|log-tail|fsck|cryptsetup|readers|failed|starting|roots|printk|partitions|own-disk|now|kept|info|header|handover|guids|generations|events|errors|entries|conf)'
grep -oE '(^|[^<=-])[0-9]?(>>?|<>)[|]?(&[^ ;)]*|(\$|/|"\$)?["a-zA-Z0-9_$/{}.*-]+|"[^"]*")' code | sed 's/^[^0-9<>]//' | grep -vE "^[0-9]?(>>?|<>)(&[12]|/dev/null|\"[$]run/$own\")\$" | LC_ALL=C sort >ways
equal "ways" "$(cat ways)" '>"$0"
>"$dev/console"
>"$proc/sys/kernel/printk"
>"$proc/sys/kernel/printk"
>/dev/console
>>"$console"
>>"$log"
>>"$log"
>>"$run/notices"
>>/shimboot/run/notices'
grep -hE '>>?("\$(console|log|run/notices|dev/console)|/shimboot/run/notices|/dev/console)' code | sed 's/^ *//' >lines
equal "what goes there" "$(cat lines)" "[ -e \"\$dev/console\" ] || : >\"\$dev/console\"
printf '[%9s] %s\\n' \"\$uptime\" \"\$*\" | clean >>\"\$log\"
sed \"s/^/\$1/\" | clean >>\"\$log\"
{ printf '%s' \"\${shown%.}\" >>\"\$console\"; } 2>/dev/null
echo \"\$*\" | clean >>\"\$run/notices\"
exec \"\$init\" </dev/console >/dev/console 2>&1
echo \"the bootloader ended with status \$status\" >>/shimboot/run/notices"
equal "no program that writes by itself" "$(grep -E '(^|[|;&( ])(tee|cp|install|logger) ' code)" ""
equal "what dd writes" "$(grep -oE ' of=[^ ]+' code | LC_ALL=C sort -u)" ' of="$1"
 of="$dev/$1"
 of="$run/header"
 of="$state/shimboot/$2"'
equal "what mv replaces" "$(grep -oE '(^|[ ;])mv .*' code)" ' mv "$run/tries.new" "$run/tries"'
# What moves the cursor is a constant.
fails "no variable in a sequence" grep -rnE "^[^#]*control [^']" "$shimboot/lib" "$shimboot/main"
fails "raw output" grep -rn to_consoles "$shimboot/main" "$shimboot/boot-success"
equal "raw output" "$(cat "$shimboot"/lib/*.sh | grep -c to_consoles)" 4
