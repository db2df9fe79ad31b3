# shellcheck shell=sh
# A line that is typed, on all consoles at once: somebody may see one only.
# start_readers has to have run.

# type_line shown|hidden PROMPT: sets typed to the codes of what was typed until
# Enter, "\OCTAL" each: every byte counts. Fails when there was nothing.
type_line() {
  printf '\n%s' "$2" | show
  typed=
  while next_event; do
    [ "$event" = key ] || continue
    for code in $keys; do
      case $code in
        012 | 015)
          echo | show
          [ -n "$typed" ]
          return
          ;;
        010 | 177)
          [ -z "$typed" ] || [ "$1" = hidden ] || control '\b \b'
          typed=$(without_last "$typed")
          ;;
        *)
          typed="$typed\\$code"
          # shellcheck disable=SC2059 # an octal code and nothing else
          [ "$1" = hidden ] || printf "\\$code" | show
          ;;
      esac
    done
  done
}

# typed_text: what was typed, with a "." behind it, as a shell drops newlines.
typed_text() {
  # shellcheck disable=SC2059 # octal codes and nothing else
  printf "$typed."
}

# without_last CODES: without the last character, which in UTF-8 ends with the
# bytes 200 to 277 where it has more than one.
without_last() {
  printf '%s' "$1" | sed 's/\\[0-7]\{3\}\(\\2[0-7][0-7]\)*$//'
}

# asked_for WORD WARNING: whether somebody types the word.
asked_for() {
  say "$2"
  start_readers
  type_line shown "Type \"$1\" and Enter to do so; Enter alone leaves it as it is: "
  stop_readers
  [ "$(typed_text)" = "$1." ]
}
