# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# An encryption that was cut off when all was encrypted: headers as cryptsetup wrote
# them, and what it made of them where nothing was cut off.
# shellcheck disable=SC2034,SC2154,SC2317
. "$here/fixture.sh"
entry_name=nixos entry_partition=sda4

slot='"0":{"type":"luks2","key_size":64,"kdf":{"type":"argon2id","salt":"a,}]\"{[:="}}'
account=',"1":{"area":{"offset":"290816","size":"4096","type":"datashift","shift_size":"16777216"},"type":"reencrypt","key_size":1,"mode":"encrypt","direction":"backward","priority":0}'
segment='"0":{"type":"crypt","offset":"16777216","size":"dynamic","iv_tweak":"0","encryption":"aes-xts-plain64","sector_size":512}'
backups=',"1":{"type":"linear","offset":"0","size":"66060288","flags":["backup-previous"]},"2":{"type":"crypt","offset":"16777216","size":"dynamic","iv_tweak":"0","encryption":"aes-xts-plain64","sector_size":512,"flags":["backup-final"]},"3":{"type":"linear","offset":"25165824","size":"16777216","flags":["backup-moved-segment"]}'
digest='"0":{"type":"pbkdf2","keyslots":["0"],"segments":["0"],"hash":"sha256"}'
digests='"0":{"type":"pbkdf2","keyslots":["0"],"segments":["2","0"],"hash":"sha256"},"1":{"type":"pbkdf2","keyslots":["1"],"segments":[],"hash":"sha256"}'
flag=',"requirements":{"mandatory":["online-reencrypt-v2"]}'
# json KEYSLOTS SEGMENTS DIGESTS REQUIREMENTS
json() {
  printf '{"keyslots":{%s},"tokens":{},"segments":{%s},"digests":{%s},"config":{"json_size":"12288","keyslots_size":"16744448"%s}}' "$@"
}
unfinished=$(json "$slot$account" "$segment$backups" "$digests" "$flag")
finished=$(json "$slot" "$segment" "$digest" "")
equal "as cryptsetup ends it" "$(echo "$unfinished" | without_account)" "8388608 16777216
$finished"

# more WHAT JSON: where it is not known that all is done, nothing is said.
more() {
  equal "$1" "$(echo "$2" | without_account || echo more)" more
}
more "finished" "$finished"
more "a part is not encrypted" "$(json "$slot$account" "${segment%\}},\"size\":\"1\"},\"4\":{\"type\":\"linear\",\"offset\":\"0\",\"size\":\"1\"}$backups" "$digests" "$flag")"
more "of a part's length" "$(json "$slot$account" "$(echo "$segment" | sed 's/dynamic/4096/')$backups" "$digests" "$flag")"
more "a part is not encrypted, in front" "$(json "$slot$account" "\"4\":{\"type\":\"linear\",\"offset\":\"0\",\"size\":\"1\"},$segment$backups" "$digests" "$flag")"
more "of a flag that nobody knows" "$(json "$slot$account" "${segment%\}},\"flags\":[\"new\"]}$backups" "$digests" "$flag")"
more "beside one of such a flag" "$(json "$slot$account" "$segment,\"4\":{\"type\":\"crypt\",\"offset\":\"0\",\"size\":\"1\",\"flags\":[\"new\"]}$backups" "$digests" "$flag")"
more "of another kind" "$(json "$slot$account" "$(echo "$segment" | sed 's/"crypt"/"linear"/')$backups" "$digests" "$flag")"
more "decrypting" "$(echo "$unfinished" | sed 's/"encrypt",/"decrypt",/')"
more "nothing was moved" "$(echo "$unfinished" | sed 's/backup-moved-segment/backup/')"
more "another requirement" "$(echo "$unfinished" | sed 's/reencrypt-v2"/&,"else"/')"
more "cut short" "$(echo "$unfinished" | cut -c 1-900)"
more "nothing" ""

# The headers: both, with the next number, and whole.
sized "$dev/sda4" $((48 * 1048576))
end="0 0
$unfinished"
printf '\0\002' | dd of="$dev/sda4" bs=1 seek=6 conv=notrunc 2>/dev/null
plant "$dev/sda4" 8 0000000000004000
write_header "$dev/sda4" 0 16384 11 0
write_header "$dev/sda4" 0 16384 11 16384
equal "as it was cut off" "$(newest_header "$dev/sda4") $(contents "$dev/sda4") $(broken_header "$dev/sda4")" "0 16384 12 LUKS "

# A file for the mapping: an ext4, and behind it what was moved.
mkdir -p "$dev/mapper"
mapping() {
  make_ext4 "$dev/mapper/shimboot-trial" "$1" $((24 * 1024 * 1024))
  plant "$dev/mapper/shimboot-trial" 8388608 0123
  plant "$dev/mapper/shimboot-trial" 25165822 4567
  rm -f calls
}
has_cryptsetup() { :; }
cryptsetup() {
  echo "$1 $(echo "$*" | grep -o "shimboot-[a-z0-9]*")" >>calls
  case $1 in
    luksDump) raw "$dev/sda4" 4096 12288 | tr -d '\000' ;;
    open) [ "$(cat)" = secret ] || return 2 ;;
  esac
}
luks_metadata() { cryptsetup luksDump; }
# left: of what was moved.
left() {
  echo "$(bytes "$dev/mapper/shimboot-trial" 8388608 2)$(bytes "$dev/mapper/shimboot-trial" 25165822 2)"
}
mapping 2048
cp "$dev/sda4" before
passphrase=wrong
(open_root) >/dev/null
holds "a wrong passphrase changes nothing" cmp before "$dev/sda4"
equal "nor there" "$(left)" 01234567
passphrase=secret
holds "opened" eval "open_root >/dev/null"
equal "the account is gone" "$(raw "$dev/sda4" 4096 12288 | tr -d '\000')" "$finished"
equal "in both" "$(raw "$dev/sda4" 20480 12288 | tr -d '\000')" "$finished"
equal "and both are whole" "$(newest_header "$dev/sda4") $(broken_header "$dev/sda4")" "0 16384 13 "
equal "what was moved is overwritten" "$(left)" 00000000
equal "in this order" "$(grep -v luksDump calls | grep -v wrong | tail -n 4 | tr '\n' ,)" "repair ,open shimboot-trial,close shimboot-trial,open shimboot-sda4,"

# A power cut between the two: either counts, and neither is asked for again.
cp "$dev/sda4" after
cp before "$dev/sda4"
dd if=after of="$dev/sda4" bs=16384 skip=1 seek=1 count=1 conv=notrunc 2>/dev/null
equal "the second is the newer" "$(newest_header "$dev/sda4")" "16384 16384 13"

# Where nobody can tell where it ends, it is opened as it is, and the account stays, for
# the next time.
cp before "$dev/sda4"
mapping 2048
plant "$dev/mapper/shimboot-trial" 1024 ff
rm -f "$run/notices"
passphrase=secret
holds "opened" eval "open_root >/dev/null"
equal "not overwritten" "$(left)" 01234567
holds "the account stays" cmp before "$dev/sda4"
equal "said" "$(cat "$run/notices")" "in \"nixos\" is an ext4 with a damaged superblock: as long as it is not ext4, some of the image can be read at the end of $dev/sda4"
# Nor where it holds anything that is not that ext4 alone.
mapping 2048
not_written_to() {
  cp "$dev/mapper/shimboot-trial" held
  passphrase=secret
  holds "opened" eval "open_root >/dev/null"
  holds "$1 is not written to" cmp held "$dev/mapper/shimboot-trial"
  holds "$1: the account stays" cmp before "$dev/sda4"
}
beside "$dev/mapper/shimboot-trial" not_written_to
mapping 2048
passphrase=secret
holds "opened" eval "open_root >/dev/null"
equal "mended: it is ended" "$(left) $(newest_header "$dev/sda4")" "00000000 0 16384 13"

# Where the file system goes on beyond the place, it is its own.
cp before "$dev/sda4"
mapping 4096
passphrase=secret
holds "opened" eval "open_root >/dev/null"
equal "not overwritten" "$(left)" 01234567
equal "the account is gone" "$(raw "$dev/sda4" 4096 12288 | tr -d '\000')" "$finished"

# Where only one header is whole, that is the last that is written over.
for torn in 0 16384; do
  cp before "$dev/sda4"
  mapping 2048
  plant "$dev/sda4" $((torn + 4200)) ff
  (
    dd() {
      case $* in *of="$dev"/*seek=*fsync*)
        echo "$*" | sed 's/.*\/\([^/]*\) .*seek=\([0-9]*\).*/\1 \2/' >>places
        ;;
      esac
      command dd "$@"
    }
    rm -f places
    passphrase=secret
    open_root >/dev/null
  )
  equal "$torn is torn: it is written first" "$(cut -d ' ' -f 1,3 places | tr '\n' ,)" \
    "shimboot-trial 16384,sda4 $((torn / 4096)),sda4 $(((16384 - torn) / 4096)),"
  equal "and both are whole" "$(newest_header "$dev/sda4") $(broken_header "$dev/sda4")" "0 16384 13 "
done

# What cannot be overwritten is not forgotten; and a header that did not arrive is no end.
for full in shimboot-trial sda4; do
  cp before "$dev/sda4"
  mapping 2048
  passphrase=secret
  (
    dd() { case $* in *of="$dev"/*"$full bs="*) [ "$full" = sda4 ] ;; *) command dd "$@" ;; esac }
    fails "$full cannot be written" eval "open_root >/dev/null"
    exit "$failures"
  )
  failures=$((failures + $?))
  holds "$full: the account stays" cmp before "$dev/sda4"
done

# Without room for a header none is written over.
cp before "$dev/sda4"
mapping 2048
passphrase=secret
(
  head() { if [ "$2" = 16384 ]; then command head -c 9000; else command head "$@"; fi; }
  fails "no room" eval "open_root >/dev/null"
  exit "$failures"
)
failures=$((failures + $?))
holds "as it was" cmp before "$dev/sda4"
luks_metadata() { return 1; }
fails "done, where no header can be read" encryption_done sda4
