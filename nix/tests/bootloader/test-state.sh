# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# STATE: what is kept there, and that nothing about it stops a boot.
# shellcheck disable=SC2012,SC2030,SC2031,SC2154,SC2034,SC2218,SC2317
. "$here/fixture.sh"
# forget_logs: what comes is another start.
forget_logs() {
  rm -rf "$run/logs" "$run"/log-* "$run/state-problem"
  : >"$run/notices"
}

# A directory plays the partition.
echo "sda sda1 X STATE" >"$run/partitions"
scan_partitions() { scans="${scans-}+"; }
own_disk() { echo sda; }
mount_state() { ! [ -e no-mount ] || state_problem "STATE (sda1) does not mount"; }
umount() { :; }
mkdir -p "$state"

echo "first" >"$log"
add_try "01234567-89ab-cdef-0123-456789abcdef 3"
holds "saved" save
load_state
equal "copies are looked for before each write" "$scans" +
equal "log" "$(cat "$state/shimboot/boot-1.log")" first
echo "more of it" >>"$log"
save_log
equal "the same boot" "$(cat "$state/shimboot/boot-1.log")$(ls "$state/shimboot" | wc -l)" "first
more of it2"

for boot in 2 3 4 5 6 7; do
  forget_logs
  echo "$boot" >"$log"
  save_log
done
equal "the last five" "$(cat "$state"/shimboot/boot-?.log | tr -s '\n' ' ')" "7 6 5 4 3 "
dd if=/dev/zero of="$log" bs=1024 count=100 2>/dev/null
save_log
equal "small" "$(wc -c <"$state/shimboot/boot-1.log")" "$log_bytes"

: >"$run/tries"
echo "timeout = 9" >"$state/shimboot.conf"
load_state
equal "read" "$conf_timeout $(tries_of "01234567-89ab-cdef-0123-456789abcdef 3")" "9 1"

# Nonsense in place of files and directories.
rm -r "$state/shimboot" "$state/shimboot.conf"
echo file >"$state/shimboot"
mkdir -p "$state/shimboot.conf"
load_state
holds "a file in the way" save
rm -r "$state/shimboot"
mkdir -p "$state/shimboot/tries.0/x" "$state/shimboot/tries.1" "$state/shimboot/boot-1.log/x" "$state/shimboot/boot-3.log"
load_state
equal "nothing was read" "$(tries_of "01234567-89ab-cdef-0123-456789abcdef 3")" 0
add_try "01234567-89ab-cdef-0123-456789abcdef 3"
echo "now" >"$log"
holds "directories in the way" save
equal "tries" "$(newest_tries | grep .)" "01234567-89ab-cdef-0123-456789abcdef 3 1"
for boot in 2 3; do
  forget_logs
  echo "$boot" >"$log"
  save
done
equal "the ring goes round" "$(cat "$state"/shimboot/boot-[123].log | tr -s '\n' ' ')" "3 2 now "
fails "no notice so far" test -e "$run/state-problem"

# Links to elsewhere, as an ext4 may have them, in every place.
elsewhere() {
  (cd elsewhere && find . -type f | sort | xargs grep "")
}
mkdir -p elsewhere/dir
for name in file dir/tries.0 dir/boot-1.log dir/boot-2.log; do echo "$name is mine" >"elsewhere/$name"; done
echo "secret = yes" >elsewhere/shadow
elsewhere >before
rm -r "$state/shimboot" "$state/shimboot.conf"
ln -s "$PWD/elsewhere/shadow" "$state/shimboot.conf"
ln -s "$PWD/elsewhere/dir" "$state/shimboot"
: >"$run/notices"
load_state
equal "no settings from elsewhere" "$(cat "$run/notices" "$run/tries")" ""
forget_logs
holds "a link in the way" save
equal "elsewhere" "$(elsewhere)" "$(cat before)"
holds "the link is a directory now" plain_dir "$state/shimboot"
for name in tries.0 tries.1 boot-1.log boot-3.log; do
  rm -rf "$state/shimboot/$name"
  ln -s "$PWD/elsewhere/dir" "$state/shimboot/$name"
done
ln -s "$PWD/elsewhere/file" "$state/shimboot/boot-2.log"
for boot in 1 2 3; do
  forget_logs
  holds "links in the way" save
done
rm "$state/shimboot"/tries.?
for name in tries tries.0 tries.1; do ln -s "$PWD/elsewhere/file" "$state/shimboot/$name"; done
load_state
equal "no counts from elsewhere" "$(cat "$run/tries")" ""
holds "a link to a file in the way" save
equal "elsewhere after all of that" "$(elsewhere)" "$(cat before)"
rm "$state/shimboot.conf"

# A directory in which nothing can be removed, as one that is marked as immutable
# or for appending: what is there is not written through.
# stuck NAME TARGET: has that link.
stuck() {
  rm -rf "$state/shimboot"
  mkdir "$state/shimboot"
  echo "chosen by others" >"$state/shimboot/boot-1.log"
  ln -s "$PWD/elsewhere/$2" "$state/shimboot/$1"
}
# (In subshells, where rm does nothing.)
stuck tries.0 shadow
(rm() { :; } && fails "a link to a file" put_tries)
stuck tries.0 dir
(rm() { :; } && fails "a link to a directory" put_tries)
# What stays there keeps its place, and the logs have the others; it is said.
equal "elsewhere, where links stay" "$(elsewhere)" "$(cat before)"
for place in boot-1.log boot-2.log boot-4.log boot-5.log; do
  rm -rf "$state/shimboot"
  mkdir "$state/shimboot"
  for n in 1 2 3 4 5; do printf '\033%s\n' "$n" >"$state/shimboot/boot-$n.log"; done
  rm "$state/shimboot/$place"
  ln -s "$PWD/elsewhere/dir" "$state/shimboot/$place"
  forget_logs
  echo 0 >"$log"
  (rm() { :; } && mv() { false; } && put_log)
  equal "elsewhere, with $place a link that stays" "$(elsewhere)" "$(cat before)"
  rm "$state/shimboot/$place"
  equal "logs beside it" "$(cat "$state"/shimboot/boot-?.log | tr -cs '0-9' ' ')" "$(
    case $place in
      boot-1.log) echo "0 2 3 4" ;;
      boot-2.log) echo "0 1 3 4" ;;
      boot-4.log) echo "0 1 2 3" ;;
      boot-5.log) echo "0 1 2 3" ;;
    esac
  ) "
  equal "clean" "$(cat "$state"/shimboot/boot-?.log | tr -d '\11\12\40-\176' | wc -c)" 0
  holds "said" grep -q "cannot be written: $place" "$run/notices"
done
stuck boot-4.log dir
forget_logs
(rm() { :; } && put_log)
holds "said, behind a free place" grep -q "cannot be written: boot-4.log" "$run/notices"
# One that is not there is left out.
rm -rf "$state/shimboot"
mkdir "$state/shimboot"
for n in 1 2 4 5; do echo "$n" >"$state/shimboot/boot-$n.log"; done
forget_logs
echo 0 >"$log"
put_log
equal "with the third free" "$(cat "$state"/shimboot/boot-?.log | tr -s '\n' ' ')" "0 1 2 4 5 "

# Where there are fewer than places, none is there twice.
for n in 1 4 5; do printf '\033%s\n' "$n" >"$state/shimboot/boot-$n.log"; done
rm "$state/shimboot/boot-2.log" "$state/shimboot/boot-3.log"
forget_logs
put_log
equal "with two free" "$(cat "$state"/shimboot/boot-?.log | tr -cs '0-9' ' ')" "0 1 4 5 "
equal "clean" "$(cat "$state"/shimboot/boot-?.log | tr -d '\11\12\40-\176' | wc -c)" 0

# A medium that fails in one place: a log in a new file has other sectors. Where that fails,
# too, and where there is no room for five, it is the oldest that goes; and it is said.
#
# kept_logs LOGS: what is there after a start, when those were, and what was said.
kept_logs() {
  rm -rf "$state/shimboot"
  mkdir "$state/shimboot"
  for n in $1; do
    echo "log $n" >"$run/old"
    filled "$run/old" 16384 >"$state/shimboot/boot-$n.log"
  done
  start_again
  [ -z "$(find "$state/shimboot" -name 'boot-*' -type f -size -16384c)" ] || echo "half of a log"
}
# start_again: another start's log, of that number.
start_again() {
  forget_logs
  echo "log ${1-0}" >"$log"
  put_log
  cat "$state"/shimboot/boot-?.log 2>/dev/null | tr -cs '0-9' ' '
  sed -n 's/.*cannot be written: *//p' "$run/notices"
}
equal "all is well" "$(kept_logs "1 2 3 4 5")" " 0 1 2 3 4 "
bad_once=$run/bad-once
for bad in 1 2 3 4 5; do
  rm -f "$bad_once"
  equal "place $bad fails, and a new file does not" "$(
    dd() {
      case "$*" in *"of=$state/shimboot/boot-$bad.log"*) [ -e "$bad_once" ] || { : >"$bad_once" && return 1; } ;; esac
      command dd "$@"
    }
    kept_logs "1 2 3 4 5" | tr '\n' ' '
    basename "$state"/shimboot/bad-*
  )" " 0 1 2 3 4 boot-$bad.log  bad-$bad.log"
  equal "place $bad fails for good, three starts" "$(
    dd() { case "$*" in *"of=$state/shimboot/boot-$bad.log"*) return 1 ;; esac && command dd "$@"; }
    kept_logs "1 2 3 4 5" >/dev/null
    start_again 7 >/dev/null
    start_again 8
  )" " 8 7 0 1 boot-$bad.log "
done
for logs in "1 2 3" "1" "1 2 3 4" ""; do
  equal "room for $logs alone" "$(
    dd() {
      to=${2#of=}
      case "$2" in "of=$state"*) [ -s "$to" ] || { echo half >"$to" && return 1; } ;; esac
      command dd "$@"
    }
    kept_logs "$logs" | tr ' ' '\n' | grep -x '[0-9]' | tr '\n' ' '
  )" "$([ -z "$logs" ] || printf '0 ')$(for n in $logs; do [ "$((n + 1))" -gt "$(echo "$logs" | wc -w)" ] || printf '%s ' "$n"; done)"
done
equal "nothing can be written" "$(
  dd() { case "$*" in *"of=$state/"*) return 1 ;; esac && command dd "$@"; }
  kept_logs "1 2 3 4 5" | head -n 1
  cat "$run/notices"
)" " 1 2 3 4 5 STATE cannot be written (full, or read-only?): settings, boot counts and logs are not kept"
equal "and then it can" "$(
  (
    dd() { case "$*" in *"of=$state/"*) return 1 ;; esac && command dd "$@"; }
    kept_logs "1 2 3 4 5" >/dev/null
  )
  put_log
  cat "$state"/shimboot/boot-?.log | tr -cs '0-9' ' '
)" " 0 1 2 3 4 "
# One that nobody can write to or remove is kept where it is, and nowhere else; half of one
# is kept elsewhere.
equal "a log that stays" "$(
  dd() { case "$*" in *"of=$state/shimboot/boot-2.log"*) return 1 ;; esac && command dd "$@"; }
  mv() { false; }
  rm() { case "$*" in *boot-2.log) return 1 ;; esac && command rm "$@"; }
  kept_logs "1 2 3 4 5" | tr '\n' ' '
)" " 0 2 1 3 4 boot-2.log  "
equal "half of one that stays" "$(
  dd() { case "$*" in *"of=$state/shimboot/boot-2.log"*) echo half >"$state/shimboot/boot-2.log" && return 1 ;; esac && command dd "$@"; }
  mv() { false; }
  kept_logs "1 2 3 4 5" | tr '\n' ' '
)" " 0 1 2 3 boot-2.log  "
# What is bad is put aside under a name that nothing has, and goes nowhere else.
mkdir elsewhere/bin
for there in "ln -s $PWD/elsewhere/bin" "ln -s $PWD/elsewhere/file" mkdir touch; do
  elsewhere >before
  equal "$there in its way" "$(
    dd() { case "$*" in *"of=$state/shimboot/boot-2.log"*) return 1 ;; esac && command dd "$@"; }
    rm() { case "$*" in "-rf $state/shimboot") command rm "$@" && command mkdir "$state/shimboot" && $there "$state/shimboot/bad-2.log" ;; *) command rm "$@" ;; esac }
    mkdir() { command mkdir -p "$@"; }
    kept_logs "1 2 3 4 5" | tr '\n' ' '
  )" " 0 1 2 3 boot-2.log  "
  equal "elsewhere, with $there" "$(elsewhere)" "$(cat before)"
  equal "it stays, with $there" "$(find "$state/shimboot/bad-2.log" -type f -size +0)" ""
  holds "it stays, with $there" [ -e "$state/shimboot/bad-2.log" ]
done
# Where all was written and all is said to have failed, another save does not move them again.
equal "all said to fail" "$(
  dd() { command dd "$@" && case "$*" in *"of=$state/"*) return 1 ;; esac }
  kept_logs "1 2 3 4 5" >/dev/null
  put_log
  put_log
  cat "$state"/shimboot/boot-?.log | tr -cs '0-9' '\n' | grep . | sort -u | tr '\n' ' '
)" "0 1 2 3 4 "
equal "nothing at all, and then it can" "$(
  (
    dd() { case "$*" in *"of=$state/"*) return 1 ;; esac && command dd "$@"; }
    mv() { false; }
    rm() { case "$*" in *boot-?.log) return 1 ;; esac && command rm "$@"; }
    kept_logs "1 2 3 4 5" >/dev/null
  )
  put_log
  cat "$state"/shimboot/boot-?.log | tr -cs '0-9' ' '
)" " 0 1 2 3 4 "
# The second save of a boot, where its place has failed since the first.
equal "this boot's goes elsewhere" "$(
  kept_logs "1 2 3 4 5" >/dev/null
  dd() { case "$*" in *"of=$state/shimboot/boot-1.log"*) return 1 ;; esac && command dd "$@"; }
  echo "log 9" >"$log"
  put_log
  cat "$state"/shimboot/boot-?.log | tr -cs '0-9' ' '
)" " 9 1 2 3 "
rm -rf "$state/shimboot" "$run/state-problem"
: >"$run/notices"

# What an older bootloader left is read once, and then its own.
entry="01234567-89ab-cdef-0123-456789abcdef 4"
mkdir "$state/shimboot"
echo "$entry 2" >"$state/shimboot/tries"
load_state
equal "of an older one" "$(tries_of "$entry")" 2
add_try "$entry"
save
load_state
equal "of this one" "$(tries_of "$entry")" 3
equal "nothing is written behind what is read" "$(wc -c <"$state/shimboot/tries.0")" "$slot_bytes"

# A larger file, as an image has it from the beginning, and a count of none.
for n in 0 1; do zeros 9000 | tr '\000' '\n' >"$state/shimboot/tries.$n"; done
for count in 3 0 3; do
  set_tries "$entry" "$count"
  save
  : >"$run/tries"
  load_state
  equal "of a larger file" "$(tries_of "$entry")" "$count"
done
rm "$state/shimboot"/tries.?
save

# The two files of counts take turns, and half of one leaves the other.
add_try "$entry"
save
equal "two of one size" "$(wc -c <"$state/shimboot/tries.0")" "$(wc -c <"$state/shimboot/tries.1")"
equal "the newest" "$(newest_tries | grep .)" "$entry 4"
read_slots
zeros 512 | dd of="$state/shimboot/tries.$newest" bs=512 seek=2 conv=notrunc 2>/dev/null
equal "the other" "$(newest_tries | grep .)" "$entry 3"
save
equal "the broken one is written over" "$(newest_tries | grep .)" "$entry 4"
for junk in "" "x" "99999999999999999999 a" "1" "-1 0"; do
  for n in 0 1; do printf '%s\n' "$junk" >"$state/shimboot/tries.$n"; done
  rm -f "$state/shimboot/tries"
  equal "nonsense: $junk" "$(newest_tries)" ""
  holds "nonsense: $junk" save
  equal "nonsense: $junk, saved" "$(newest_tries | grep .)" "$entry 4"
done

# At the last number there is, in either file or in both, it goes on.
# numbered N NUMBER COUNT: the file tries.N, whole.
numbered() {
  printf '\n%s %s\n' "$entry" "$3" >body
  { echo "$2 $(sum_of_lines <body)" && tail -n +2 body; } >"$state/shimboot/tries.$1"
}
for numbers in "999999999 5" "5 999999999" "999999999 999999999" "999999998 999999999" "0 999999999" "999999999 0"; do
  numbered 0 "${numbers% *}" 1
  numbered 1 "${numbers#* }" 1
  for count in 5 6 7 8; do
    set_tries "$entry" "$count"
    save
    equal "$numbers: saved" "$(newest_tries | grep .)" "$entry $count"
  done
done

# What an older bootloader left may be as large as a disk: it is read into memory.
rm "$state/shimboot"/tries.?
sized "$state/shimboot/tries" 64000000
load_state
holds "a huge file" [ "$(wc -c <"$run/tries.read")" -le 16384 ]
set_tries "$entry" 4
save

# A system reports success while somebody has STATE mounted for writing, and nobody
# can mount it for reading only: others' counts stay.
others="11234567-89ab-cdef-0123-456789abcdef 7"
set_tries "$others" 2
save
(
  mount_state() { [ "$1" = rw ] || state_problem "STATE (sda1) does not mount"; }
  echo "$entry" >"$run/starting"
  echo "/dev/sda4 / ext4 rw 0 0" >"$proc/mounts"
  # The directories are the test's.
  sed '/^shimboot=/d; /^log=/d; /^PATH=/d; /^export /d; /^lib=/d; /^\. /d' "$shimboot/boot-success" >success
  # shellcheck source=bootloader/shimboot/boot-success
  . ./success
) >/dev/null
equal "success" "$(newest_tries | grep .)" "$others 2"
load_state
set_tries "$others" 0
set_tries "$entry" 4
save

# An ext4 that asks for a panic at its faults gets none.
(
  . "$lib/state.sh"
  mount() {
    echo "$*" >>mounts
    case $* in *vfat*) return 1 ;; esac
  }
  contents() { echo ext4; }
  partition=sda1
  mount_state rw
)
equal "mounted as an ext4" "$(tail -n 1 mounts)" \
  "-t ext4 -o rw,nosuid,nodev,noexec,errors=remount-ro $dev/sda1 $state"

# Full: the counts stay, and it is said once.
set_tries "$entry" 9
dd() { return 1; }
save
save
unset -f dd
equal "as it was" "$(newest_tries | grep .)" "$entry 4"
equal "said once" "$(cat "$run/notices")" \
  "STATE cannot be written (full, or read-only?): settings, boot counts and logs are not kept"

rm "$run/state-problem" "$run/notices"
: >no-mount
fails "no mount" save
load_state
equal "said" "$(cat "$run/notices")" "STATE (sda1) does not mount: settings, boot counts and logs are not kept"
