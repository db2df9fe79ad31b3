#!/bin/sh
# What a root has to be after a power cut while the bootloader encrypts it:
#
#   encryption.sh BEFORE KEY [--look-only | --by-f]
#
# as it was, byte by byte, or encrypted; then a start with the passphrase ends
# with all in it that was there before, byte by byte. With --look-only there is no
# start, and with --by-f none but where the bootloader asks for key f: the kind is said.
set -eu
before=$1
key=$2
here=$(dirname "$0")
# shellcheck source=nix/tests/powercut/stick.sh
. "$here/stick.sh"
take "$before" "$before" 4 root-before
take "$STATE" "$STATE" 4 root
size=$(dumpe2fs -h root-before 2>/dev/null | awk '/^Block count:/ { n = $3 } /^Block size:/ { s = $3 } END { print n * s }')

# marked: that its beginning is kept.
marked() { grep -qa 'the beginning of this partition is behind this' root; }
magic() { od -An -tx1 -j "$1" -N 6 root | tr -d ' '; }
if cmp -s -n "$size" root root-before; then
  echo plain
  exit
fi
case $(magic 0),$(magic 16384) in
  4c554b53babe,*) kind=encrypted ;;
  *,534b554cbabe) kind="second header" ;;
  *)
    marked || fail "neither plain nor encrypted"
    # By the superblock the bootloader knows that it was not a root that was used since.
    kind="pieces of a header"
    cmp -s -i 1024 -n 1024 root root-before || kind="pieces of a header, by f"
    ;;
esac
case ${3-},$kind in
  ,* | --by-f,*"by f") ;;
  *)
    cryptsetup luksDump root >said 2>&1 || kind="$kind, which luksDump does not know"
    echo "$kind"
    exit
    ;;
esac
sum=$(head -c "$size" root-before | sha256sum | cut -d ' ' -f 1)

# start LINE…: a start of the stick, by a script.
trouble="Kernel panic|not the passphrase|could not be|does not mount|damaged"
start() {
  printf '%s\n' "$@" >script
  qemu-boot --key "$key" --attach virtio --timeout 3m --show all \
    --fail "$trouble" --script script "$STATE" >console 2>&1
}
# same DEVICE: in the bootloader's shell.
same() {
  cat <<SCRIPT
send "e"
expect ^rescue#
send "dd if=$1 bs=4096 count=$((size / 4096)) 2>/dev/null | busybox sha256sum\r"
expect ^$sum
send "exit\r"
SCRIPT
}

# Until the header is known to be whole, the root becomes again what it was: by itself
# where a header or the superblock tells that it was one, else by key f.
if ! marked; then
  set -- 'expect ^  >  1  nixos +encrypted' \
    'send "\r"' \
    'expect ^Passphrase for "nixos"' \
    'send "correct horse\r"' \
    'expect ^  >  1  nixos +generation 3' \
    "$(same /dev/mapper/shimboot-vda4)" \
    'expect power off' \
    'send "\r"' \
    'expect ^test: generation 3 starts'
elif [ "$kind" = "pieces of a header, by f" ]; then
  trouble=${trouble%|damaged} # which its superblock may be
  set -- 'expect ^  >  1  nixos +(nothing|an ext4 with)' \
    'expect power off' \
    'send "f"' \
    'expect ^Type "repair"' \
    'send "repair\r"' \
    'expect ^Type "restore"' \
    'send "restore\r"' \
    'expect the beginning of /dev/vda4 is restored' \
    'expect ^  >  1  nixos +unencrypted' \
    "$(same /dev/vda4)"
else
  kind="$kind, and put back"
  set -- 'expect ^  >  1  nixos +unencrypted' "$(same /dev/vda4)"
fi
start "$@" || {
  tail -n 30 console
  exit 1
}
echo "$kind"
