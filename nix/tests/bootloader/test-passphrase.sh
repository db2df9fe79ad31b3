# shellcheck shell=sh source-path=SCRIPTDIR source-path=SCRIPTDIR/../../../bootloader/shimboot/lib
# Asking for a passphrase.
# shellcheck disable=SC2016,SC2154,SC2034
. "$here/fixture.sh"

# asked EVENTS
asked() {
  printf '%b' "$1" >events
  exec 3<events
  ask_passphrase "Passphrase: " && printf '<%s>' "$passphrase"
}
equal "typed" "$(asked "key tty $(octal 'correct horse')\nkey tty 015\n")" "<correct horse>"
equal "every byte counts" "$(asked "key tty $(octal ' \%s$(x)"'"'"'`é ')012\n")" '< \%s$(x)"'"'"'`é >'
equal "on two keyboards, with ticks" "$(asked "key tty1 141\ntick\nkey ttyS0 142\nkey tty1 012\n")" "<ab>"
equal "backspace" "$(asked "key tty $(octal 'aé')177\nkey tty 010 010 142 012\n")" "<b>"
equal "given up" "$(asked "key tty 012\n")" ""
fails "an empty one" asked "key tty 012\n"

# asked_new EVENTS
asked_new() {
  printf '%b' "$1" >events
  exec 3<events
  ask_new_passphrase nixos && printf '<%s>' "$passphrase"
}
equal "twice" "$(asked_new 'key tty 141 012\nkey tty 141 012\n')" "<a>"
equal "different ones" "$(asked_new 'key tty 141 012\nkey tty 142 012\nkey tty 143 012\nkey tty 143 012\n')" "<c>"
equal "an empty second one" "$(asked_new 'key tty 141 012\nkey tty 012\nkey tty 012\n')" ""
forget_passphrase
equal "forgotten" "$passphrase$typed$first_typed" ""
equal "not shown" "$(grep -c correct screen)" 0
fails "nor logged" grep -qs correct "$log"
