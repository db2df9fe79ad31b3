# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Nothing is written to what is something else: every program that writes, in
# front of every signature. docs/bootloader.md has the list of them.
# shellcheck disable=SC2034,SC2154,SC2317
. "$here/fixture.sh"
entry_name=nixos entry_partition=sda4 entry_id=A entry="A -" passphrase=secret entry_system=-
has_cryptsetup() { :; }
save_log() { :; }

calls=$PWD/calls

# What would write is written down. As the real ones do, they fail where they
# are not to write (-n), as there are errors.
e2fsck() {
  echo "e2fsck $*" >>"$calls"
  echo "Clear? no"
  case $* in *-n*) return 4 ;; *) return 1 ;; esac
}
cryptsetup() {
  echo "cryptsetup $*" >>"$calls"
  cat >/dev/null
}
mount() { echo "mount $*" >>"$calls"; }
# Whatever is asked is answered with the right word.
agree() { asked_for() { echo "asked for $1" >>calls; }; }
# writes COMMAND…: what of it could write.
writes() {
  : >calls
  "$@" >/dev/null 2>&1
  grep -v -e '^e2fsck.* -n' -e '^asked' -e luksDump calls | cut -d ' ' -f 1-2 | tr '\n' ';'
}
half_encrypted() { encryption_unfinished() { :; }; }
half_encrypted
agree

# (With room for what is kept of the beginning.)
size=$((64 * 1024 * 1024))
guarded() {
  equal "$1: f" "$(writes check_root)" ""
  equal "$1: encrypting" "$(writes begin_encryption)" ""
  equal "$1: unlocking, and going on with encrypting" "$(writes open_root)" ""
  equal "$1: a shell in it" "$(writes rescue_in_root)" ""
}

# Nothing is written beside what is there now: an ext4 that was, whole or broken or known
# by its copies alone; a LUKS of which one header is broken, or the first is gone; zeros.
for base in ext4 broken copy LUKS LUKS-copy zeros; do
  make_ext4 "$dev/sda4" 4096 "$size"
  case $base in
    broken) plant "$dev/sda4" 1024 ff ;;
    copy) plant "$dev/sda4" 1080 0000 ;;
    zeros) rm "$dev/sda4" && sized "$dev/sda4" "$size" ;;
    LUKS*)
      headers 16384 7 7
      sized "$dev/sda4" "$size"
      plant "$dev/sda4" 5000 00
      [ "$base" = LUKS ] || plant "$dev/sda4" 0 00
      ;;
  esac
  (
    case $base in
      broken | copy)
        uuid_there=$(bytes "$dev/sda4" 1128 16)
        ext4_copies() { echo "8193 1024 $uuid_there 6"; }
        ext4_has_descriptors() { :; }
        is_its_own() { :; }
        ;;
    esac
    [ "$base" = zeros ] || fails "$base alone: f writes nothing" test -z "$(writes check_root)"
    beside_it() { guarded "$base and $1"; }
    beside "$dev/sda4" beside_it LUKS
    exit "$failures"
  )
  failures=$((failures + $?))
done
make_ext4 "$dev/sda4" 4096 "$size"
plant "$dev/sda4" 16384 534b554cbabe
guarded "ext4 and a LUKS header's copy"
make_ext4 "$dev/sda4" 4096 "$size"
plant "$dev/sda4" 0 4c554b53babe
guarded "ext4 and LUKS"
zeros 65536 >"$dev/sda4"
guarded "nothing"

# An ext4 is looked at, asked for, and mended; files are counted.
make_ext4 "$dev/sda4" 4096 "$size"
rm -f "$run/notices"
equal "ext4: f" "$(writes check_root)" "e2fsck -f;"
equal "in this order" "$(cut -d ' ' -f 1-3 calls | tr '\n' ';')" "e2fsck -f -n;asked for repair;e2fsck -f -y;"
equal "said" "$(cat "$run/notices")" \
  "$dev/sda4 has no errors left: 16 files and directories before, 16 now"
# Of none, and of what is still in its journal alone.
for journal in no yes; do
  (
    e2fsck() { echo "e2fsck $*" >>calls; }
    rm -f "$run/notices"
    case $journal in
      no) want="" says="$dev/sda4 has no errors" ;;
      yes) plant "$dev/sda4" 1120 04 && want="e2fsck -f;" says="$dev/sda4 has no errors left: 16 files and directories before, 16 now" ;;
    esac
    equal "journal: $journal" "$(writes check_root) $(cat "$run/notices")" "$want $says"
    exit "$failures"
  )
  failures=$((failures + $?))
done
make_ext4 "$dev/sda4" 4096 "$size"
(
  e2fsck() { return 4; }
  (check_root) >/dev/null 2>&1
  holds "not mended" grep -q "sda4 could not be repaired (e2fsck says 4" "$run/notices"
  exit "$failures"
)
failures=$((failures + $?))
asked_for() { return 1; }
equal "not without the word" "$(writes check_root)" ""
agree
equal "no unlocking" "$(writes open_root)" ""

# Where e2fsck says that it goes by a copy, that is asked for twice, and of its own; a
# file that is called like that says nothing.
for words in "/bin/e2fsck: Superblock invalid, trying backup blocks..." "ext2fs_open2: e2fsck: trying backup blocks"; do
  (
    e2fsck() {
      echo "e2fsck $*" >>calls
      echo "$words"
      return 4
    }
    ext4_copies() { echo "32768 4096 $(bytes "$dev/sda4" 1128 16) 6"; }
    plant "$dev/sda4" $((32768 * 4096 + 4)) 00000000
    : >calls
    check_root >/dev/null 2>&1
    case $words in
      /*) want="e2fsck -f -n;asked for repair;asked for restore;e2fsck -f -y -b;" otherwise="" ;;
      *) want="e2fsck -f -n;asked for repair;e2fsck -f -y;" otherwise="e2fsck -f;" ;;
    esac
    equal "$words" "$(cut -d ' ' -f 1-4 calls | sed "s| $dev/sda4\$||" | tr '\n' ';')" "$want"
    # Where there is none of its own, e2fsck does not choose one.
    ext4_copies() { :; }
    equal "$words, without one" "$(writes check_root)" "$otherwise"
    exit "$failures"
  )
  failures=$((failures + $?))
done

# What was lost is restored after two questions.
plant "$dev/sda4" 1024 ff
equal "a broken superblock, no copy" "$(writes check_root)" ""
copies="32768 4096 1111 5
32768 4096 2222 7"
ext4_copies() { echo "$copies"; }
ext4_has_descriptors() { :; }
equal "with copies of others" "$(writes check_root)" ""
copies="$copies
8193 1024 $(bytes "$dev/sda4" 1128 16) 6
2049 4096 $(bytes "$dev/sda4" 1128 16) 6
32768 4096 3333 8"
equal "with a copy" "$(writes check_root)" "e2fsck -f;"
equal "its own" "$(grep -c -e '-b 8193 -B 1024' calls)" 2
plant "$dev/sda4" $((8193 * 1024 + 4)) 01000100
plant "$dev/sda4" $((2049 * 4096 + 4)) 01000100
equal "larger than it is" "$(writes check_root)" ""
plant "$dev/sda4" $((8193 * 1024 + 4)) 00000000
# Of a lost one nobody knows the UUID.
plant "$dev/sda4" 1080 0000
copies="8193 1024 1111 5
32768 4096 2222 7
98304 4096 2222 7"
rm -f "$run/notices"
equal "lost, with copies of two" "$(writes check_root)" ""
equal "how to choose" "$(sed 's/.*newest first://' "$run/notices")" " -b 98304 -B 4096, or -b 8193 -B 1024"
copies="32768 4096 2222 7"
equal "lost, with copies of one" "$(writes check_root)" "e2fsck -f;"
(
  ext4_has_descriptors() { return 1; }
  equal "lost, with descriptors of another" "$(writes check_root)" ""
  exit "$failures"
)
failures=$((failures + $?))
make_ext4 "$dev/sda4" 4096 "$size"
plant "$dev/sda4" 1024 ff
copies="8193 1024 $(bytes "$dev/sda4" 1128 16) 6"
equal "with a copy" "$(writes check_root)" "e2fsck -f;"
equal "by it, after two questions" "$(tr '\n' ';' <calls)" \
  "e2fsck -f -n -b 8193 -B 1024 $dev/sda4;asked for repair;asked for restore;e2fsck -f -y -b 8193 -B 1024 $dev/sda4;"
# Where the journal restores it on the way, e2fsck is called again, without the copy.
(
  e2fsck() {
    echo "e2fsck $*" >>calls
    case $* in
      *-n*) return 4 ;;
      *-b*) make_ext4 "$dev/sda4" 4096 "$size" && return "$ends" ;;
    esac
  }
  ends=12
  equal "again" "$(writes check_root)" "e2fsck -f;e2fsck -f;"
  holds "repaired" grep -q "has no errors left" "$run/notices"
  plant "$dev/sda4" 1024 ff
  ends=32
  equal "not where somebody has ended it" "$(writes check_root)" "e2fsck -f;"
  exit "$failures"
)
failures=$((failures + $?))
make_ext4 "$dev/sda4" 4096 "$size"
plant "$dev/sda4" 1024 ff
once() { asked_for() { [ "$1" = repair ]; }; }
once
equal "not after one" "$(writes check_root)" ""
headers 16384 7 7
plant "$dev/sda4" 0 00
equal "a LUKS header, not after one" "$(writes check_root)" ""
agree
equal "after two" "$(writes check_root)" "cryptsetup repair;"

# LUKS is opened, and an encryption of it is gone on with.
zeros 65536 >"$dev/sda4"
plant "$dev/sda4" 0 4c554b53babe
equal "LUKS: f" "$(writes check_root)" ""
equal "LUKS: encrypting" "$(writes begin_encryption)" ""
equal "LUKS: going on" "$(writes finish_encryption)" "cryptsetup repair;cryptsetup reencrypt;"

# The calls above are all there are (luks.sh: cryptsetup is what `crypt` is):
# docs/bootloader.md has a line for each that writes.
programs='e2fsck|resize2fs|tune2fs|mke2fs|mkfs[.a-z0-9]*|mkswap|cryptsetup|crypt|wipefs|blkdiscard|sfdisk|sgdisk|parted|partx|cgpt|dd'
calls() {
  for file in "$shimboot"/lib/*.sh "$shimboot/main" "$shimboot/boot-success" "$here"/../../../modules/*.sh "$here"/../../../modules/*/*.sh; do
    sed '/^ *#/d; /\(say\|warn\) "/d' "$file" |
      grep -oE "(^ *|[;&|(!] *|then |if |until |while |=1 )($programs) ([-a-zA-Z]+|\")( --?[a-z-]+)*" |
      sed "s/^[^a-z]*//; s/^then //; s/^if //; s|^|${file##*/}: |"
  done | sort
}
equal "calls" "$(calls)" "contents.sh: dd if
encrypt-end.sh: crypt close
encrypt-end.sh: crypt open --type
encrypt-end.sh: dd if
encrypt-end.sh: dd if
encrypt-end.sh: dd of
encrypt.sh: crypt close
encrypt.sh: crypt open --type
encrypt.sh: crypt reencrypt --encrypt --init-only --type
encrypt.sh: crypt reencrypt --resume-only --progress-frequency
encrypt.sh: crypt repair --batch-mode
encrypt.sh: cryptsetup luksDump --disable-locks --dump-json-metadata
grow.sh: cryptsetup resize
grow.sh: partx --update --nr
grow.sh: resize2fs \"
grow.sh: sfdisk --json
grow.sh: sfdisk --quiet --no-reread --no-tell-kernel --partno
head.sh: dd if
head.sh: dd of
headers.sh: cryptsetup repair --batch-mode
headers.sh: dd if
import.sh: dd if
luks.sh: crypt open --type
luks.sh: cryptsetup \"
repair.sh: e2fsck -f -n
repair.sh: e2fsck -f -y
state.sh: dd if
state.sh: dd if
state.sh: dd if"
