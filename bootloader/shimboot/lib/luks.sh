# shellcheck shell=sh
# Encrypted roots. One that was unlocked is /dev/mapper/shimboot-PARTITION.

# unlocked PARTITION
unlocked() {
  [ -e "$dev/mapper/shimboot-$1" ]
}

# root_device PARTITION: what its file system is on.
root_device() {
  if unlocked "$1"; then echo "$dev/mapper/shimboot-$1"; else echo "$dev/$1"; fi
}

has_cryptsetup() {
  [ -x "$shimboot/bin/cryptsetup" ]
}

# crypt ACTION ARGUMENTS…: cryptsetup with the passphrase; what it complains of
# is in $run/cryptsetup; status 2 is a wrong passphrase. Here is neither udev nor a place for locks. The key is
# in no keyring, so that the system can resize the mapping without asking.
crypt() {
  printf '%s' "$passphrase" | DM_DISABLE_UDEV=1 \
    cryptsetup "$@" --disable-locks --disable-keyring --key-file - 2>"$run/cryptsetup"
}

crypt_complaint() {
  printable "$(cat "$run/cryptsetup")"
}

# unlock_root: asks for the passphrase of the chosen root until it is right. The
# menu then has the root's systems in it, and counts down again.
unlock_root() {
  has_cryptsetup ||
    fail "\"$entry_name\" is encrypted, and this stick was made without cryptsetup (luks = true)" || return
  start_readers
  while ask_passphrase "Passphrase for \"$entry_name\" ($entry_partition), Enter alone to go back: "; do
    echo "one moment" | show
    if open_root; then
      stop_readers
      return
    fi
  done
  stop_readers
  fail "\"$entry_name\" stays locked"
}

# open_entry NUMBER: for a look into it; asks for its passphrase.
open_entry() {
  read_entry "$1" || return
  case $entry_system in encrypted*) unlock_root ;; esac
}

# open_root: with the passphrase. An encryption that was cut off is taken up.
open_root() {
  must_hold LUKS "$dev/$entry_partition" && finish_encryption && crypt open --type luks "$dev/$entry_partition" "shimboot-$entry_partition"
  case $? in
    0) ;;
    2) say "this is not the passphrase" && return 1 ;;
    *) fail "\"$entry_name\" could not be unlocked: $(crypt_complaint)" || return ;;
  esac
  forget_passphrase
  note "\"$entry_name\" is unlocked"
  broken=$(broken_header "$dev/$entry_partition")
  case $broken in
    first | second)
      warn "the $broken LUKS header of $dev/$entry_partition is broken: f restores it, before the passphrase is given"
      ;;
  esac
  # What was asked for is what is to be started.
  attended= conf_default=$entry_name
}
