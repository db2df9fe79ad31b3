# shellcheck shell=sh
# Encrypted roots. One that was unlocked is /dev/mapper/shimboot-PARTITION.

# encryption PARTITION: prints "locked", "unlocked" or "none".
encryption() {
  if [ -e "$dev/mapper/shimboot-$1" ]; then
    echo unlocked
  elif [ "$(hexdump -n 6 -e '6/1 "%02x"' "$dev/$1" 2>/dev/null)" = 4c554b53babe ]; then
    echo locked
  else
    echo none
  fi
}

# root_device PARTITION: what its file system is on.
root_device() {
  case $(encryption "$1") in
    unlocked) echo "$dev/mapper/shimboot-$1" ;;
    *) echo "$dev/$1" ;;
  esac
}

# unlock_root: asks for the passphrase of the chosen root until it is right. The
# menu then has the root's systems in it, and counts down again.
unlock_root() {
  if ! [ -x "$shimboot/bin/cryptsetup" ]; then
    fail "\"$entry_name\" is encrypted, and this stick was made without cryptsetup (luks = true)"
    return
  fi
  start_readers
  while ask_passphrase "Passphrase for \"$entry_name\" ($entry_partition), Enter alone to go back: "; do
    echo "one moment" | show
    if printf '%s' "$passphrase" | open_luks; then
      stop_readers
      passphrase= typed= attended=
      note "\"$entry_name\" is unlocked"
      return
    fi
    say "this did not unlock it: $(printable "$(cat "$run/cryptsetup")")"
  done
  stop_readers
  fail "\"$entry_name\" stays locked"
}

open_luks() {
  cryptsetup open --type luks --disable-locks --tries 1 --key-file - "$dev/$entry_partition" \
    "shimboot-$entry_partition" 2>"$run/cryptsetup"
}

# ask_passphrase PROMPT: from all consoles at once; sets passphrase. Fails on an
# empty one.
ask_passphrase() {
  printf '\n%s' "$1" | show
  typed=
  while next_event; do
    [ "$event" = key ] || continue
    for code in $keys; do
      case $code in
        012 | 015)
          echo | show
          # shellcheck disable=SC2059 # octal codes and nothing else
          passphrase=$(printf "$typed.") passphrase=${passphrase%.}
          [ -n "$typed" ]
          return
          ;;
        010 | 177) typed=$(without_last "$typed") ;;
        *) typed="$typed\\$code" ;;
      esac
    done
  done
}

# without_last CODES: without the last character, which in UTF-8 ends with the
# bytes 200 to 277 where it has more than one.
without_last() {
  printf '%s' "$1" | sed 's/\\[0-7]\{3\}\(\\2[0-7][0-7]\)*$//'
}
