# shellcheck shell=sh
# Encrypting a root where it lies, before its first start, so that nobody but
# its owner ever has the passphrase: docs/bootloader.md.
#
# What asks for it is room behind the root's file system, on the stick itself:
# for the LUKS header, and for what cryptsetup moves meanwhile. cryptsetup keeps
# account of it on the disk, and goes on there after a power cut.

luks_room=$((32 * 1024 * 1024))
reencrypt_mark='"online-reencrypt' # in a header's JSON, until all is encrypted

# encryption_due PARTITION
encryption_due() {
  has_cryptsetup && is_own "$(disk_with "$1")" && [ "$(room_behind "$1")" -ge "$luks_room" ]
}

# room_behind PARTITION: bytes between the ends of its ext4 and its own; 0 where
# there is no ext4.
room_behind() (
  if size=$(size_of "$dev/$1") && ext4_superblock "$dev/$1" 1024; then
    echo $((size - ext4_blocks * ext4_block))
  else
    echo 0
  fi
)

# encrypt_root: asks for a passphrase, encrypts the chosen root and opens it.
encrypt_root() {
  kernel_encrypts || fail "\"$entry_name\" cannot be encrypted by this kernel: $(crypt_complaint)" || return
  say "\"$entry_name\" is to be encrypted before its first start, as its image asks for"
  start_readers
  if ask_new_passphrase "$entry_name"; then
    begin_encryption && open_root
  else
    fail "\"$entry_name\" is not encrypted, and was not started"
  fi
  status=$?
  stop_readers
  return "$status"
}

# kernel_encrypts: a mapping of no use shows it, before anything is written.
kernel_encrypts() {
  passphrase=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  crypt open --type plain --batch-mode --readonly --cipher aes-xts-plain64 --key-size 512 "$dev/$entry_partition" shimboot-trial &&
    crypt close shimboot-trial
}

# begin_encryption: writes the header over what cryptsetup has moved from there.
# Its area for key slots has to keep its usual size: with a smaller one, some of
# what was there before stays readable between it and the encrypted data.
begin_encryption() {
  must_hold ext4 "$dev/$entry_partition" || return
  echo "one moment" | show
  uuid=$(cat "$proc/sys/kernel/random/uuid")
  save_head "$entry_partition" "$uuid" || fail "\"$entry_name\" could not be encrypted: the partition cannot be written" || return
  if (cd "$run" && crypt reencrypt --encrypt --init-only --type luks2 --uuid "$uuid" --batch-mode \
    --reduce-device-size "$((luks_room / 1024 / 1024))M" "$dev/$entry_partition"); then
    forget_head "$entry_partition"
  else
    complaint=$(crypt_complaint)
    restore_head "$entry_partition"
    fail "\"$entry_name\" could not be encrypted: $complaint"
  fi
}

# luks_metadata PARTITION: fails where there is no header that is whole.
luks_metadata() {
  cryptsetup luksDump --disable-locks --dump-json-metadata "$dev/$1" 2>/dev/null
}

encryption_unfinished() {
  luks_metadata "$1" | grep -q "$reencrypt_mark"
}

# encryption_done PARTITION: its header can be read, and has no account of one.
encryption_done() {
  metadata=$(luks_metadata "$1") && ! echo "$metadata" | grep -q "$reencrypt_mark"
}

# finish_encryption: where there is one to finish; shows how far it is. The disk
# says whether it is done, as the status of a pipe does not.
finish_encryption() {
  encryption_unfinished "$entry_partition" || return 0
  crypt repair --batch-mode "$dev/$entry_partition" || return
  say "encrypting \"$entry_name\"; after a power cut it goes on from there"
  if end=$(end_of_encryption "$dev/$entry_partition"); then
    end_encryption "$entry_partition"
    return
  fi
  crypt reencrypt --resume-only --progress-frequency 2 "$dev/$entry_partition" |
    while read -r line; do echo "$line" | show; done
  encryption_done "$entry_partition" && say "\"$entry_name\" is encrypted"
}
