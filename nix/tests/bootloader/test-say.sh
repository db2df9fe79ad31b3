# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# What comes from a disk does nothing to a terminal, wherever it is told. (That there is
# no other way there: writes.)
# shellcheck disable=SC2016,SC2034,SC2154
. "$here/fixture.sh"
dmesg() { printf 'label \033]0;x\007\n'; }

bad=$(printf 'a\033[2J\r\b\016\017\177\200\233\377b')
# Also what nobody has asked for yet.
entry_name=$bad entry_partition=sda4 entry_id=A entry_system=- passphrase=x
printf '%s\n' "$bad" | tee "$run/conf" "$run/entries" "$run/fsck" "$run/partitions" "$run/roots" >"$run/cryptsetup"
: >screen
say "$bad"
problem "$bad"
printf '%s\n' "$bad" | show
printf '%s\n' "$bad" | note_lines '    '
# As a question ends, and as much as a file may have.
printf '%s' "$bad" | show
{ head -c 200000 /dev/zero | tr '\0' x && printf '%s' "$bad"; } | show
{ head -c 200000 /dev/zero | tr '\0' x && printf '%s' "$bad"; } | note_lines ''
for file in screen "$log" "$run/notices"; do
  equal "$file" "$(tr -d '\11\12\40-\176' <"$file" | wc -c)" 0
done
equal "the rest of it stays" "$(cat "$run/notices")" "error: a?[2J????????b"

# Whatever programs print, also on the way to a failure: nothing of it comes out
# elsewhere, and where it is told it is clean.
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

# What was printed on the way is no terminal's: the bootloader's own output is a file.
# top_level FILE: without what is in functions and groups.
top_level() {
  grep '^[^ #]' "$1" | grep -v -e '() {$' -e '^}$'
}
equal "main's, from where on" "$(top_level "$shimboot/main" | sed '/^exec/q')" 'set -u
lib=/shimboot/lib
. "$lib/all.sh"
mkdir -p "$run"
chmod 700 "$run"
exec >>"$run/errors" 2>&1'
equal "undo-handover's" "$(top_level "$shimboot/undo-handover" | sed '1,/^export/d')" 'lib=/shimboot/lib
. "$lib/all.sh"
{
} >>"$run/errors" 2>&1
exec /shimboot/bin/sh /bin/init'

# What is in there comes into the log with the next save, and not as it is.
cp out "$run/errors"
state=$PWD/state
mkdir -p state/shimboot
printf 'of the start before, or a stranger: %s\n' "$bad" >state/shimboot/boot-1.log
# Longer than ours, and without one before it.
{ head -c 30000 /dev/zero && printf '%s\n' "$bad"; } | tee state/shimboot/boot-3.log >state/shimboot/boot-5.log
# One file under two names, of which one is no log.
printf '%s\n' "$bad" >state/shimboot.conf
ln state/shimboot.conf state/shimboot/boot-2.log
put_log
equal "what is another file as well stays as it is" "$(cat state/shimboot.conf)" "$bad"
holds "the log of the start before stays" grep -q "^of the start before, or a stranger: a?" state/shimboot/boot-2.log
for file in screen "$log" "$run/notices" state/shimboot/boot-[1-5].log; do
  equal "$file, after all of that" "$(tr -d '\11\12\40-\176' <"$file" | wc -c)" 0
done
