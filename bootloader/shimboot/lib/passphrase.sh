# shellcheck shell=sh
# Asking for a passphrase, on all consoles at once: somebody may see one only.
# What is typed is not shown, and every byte of it counts. start_readers has to
# have run.

# ask_passphrase PROMPT: sets passphrase. Fails on an empty one.
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

# ask_new_passphrase NAME: until it is typed twice. Fails on an empty one.
ask_new_passphrase() {
  while ask_passphrase "New passphrase for \"$1\", Enter alone to go back: "; do
    first_typed=$passphrase
    ask_passphrase "The same again: "
    [ "$passphrase" != "$first_typed" ] || return 0
    say "these were two different ones"
  done
  return 1
}

# without_last CODES: without the last character, which in UTF-8 ends with the
# bytes 200 to 277 where it has more than one.
without_last() {
  printf '%s' "$1" | sed 's/\\[0-7]\{3\}\(\\2[0-7][0-7]\)*$//'
}

forget_passphrase() {
  passphrase= typed= first_typed=
}
