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
equal "not shown" "$(grep -c correct screen)" 0
fails "nor logged" grep -qs correct "$log"
