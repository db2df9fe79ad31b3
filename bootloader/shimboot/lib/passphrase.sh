# shellcheck shell=sh
# Asking for a passphrase. What is typed is not shown. start_readers has to have
# run.

# ask_passphrase PROMPT: sets passphrase. Fails on an empty one.
ask_passphrase() {
  type_line hidden "$1"
  passphrase=$(typed_text) passphrase=${passphrase%.}
  [ -n "$typed" ]
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

forget_passphrase() {
  passphrase= typed= first_typed=
}
