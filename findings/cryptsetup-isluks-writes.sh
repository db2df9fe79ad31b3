#!/bin/sh
# cryptsetup 2.6.1: what sounds like a question writes, and what is to write may not.
#
# A LUKS2 has two headers, of which the second is there for when the first is lost.
# With the first one overwritten,
#
#   - `cryptsetup isLuks FILE`, a question, restores it without a word: whoever
#     looks at a disk for evidence, or has it as a plain read-only step in a script,
#     has changed it;
#   - `cryptsetup --disable-locks isLuks FILE` leaves the file as it is;
#   - `cryptsetup --disable-locks repair FILE` exits 0 and leaves it as it is, too:
#     where nothing can be locked (an initramfs without /run), the exit status does
#     not tell that the header is still lost.
#
# Seen on Debian 12, amd64, with the packages below. Needs apt and root's mkdir of
# /run/cryptsetup, where cryptsetup keeps its locks.
set -eu
version=2:2.6.1-4~deb12u2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir -m 755 packages root
(cd packages && apt-get -qq -o APT::Sandbox::User=root download "cryptsetup-bin=$version" "libcryptsetup12=$version")
for package in packages/*.deb; do dpkg-deb -x "$package" root; done

cryptsetup() {
  LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu "$dir/root/sbin/cryptsetup" "$@"
}

# lose: the file without the first 4 KiB of its first header.
lose() {
  cp whole lost
  dd if=/dev/zero of=lost bs=4096 count=1 conv=notrunc status=none
  cp lost before
}

# expect WHAT same|changed: whether what has just exited with 0 wrote to the file.
expect() {
  got=changed
  ! cmp -s before lost || got=same
  echo "$1: exit 0, the file is $got"
  [ "$got" = "$2" ] || {
    echo "this is no longer so: the file was $2" >&2
    exit 1
  }
}

cryptsetup --version
truncate -s 64M whole
printf 'a passphrase' >key
cryptsetup luksFormat --batch-mode --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 whole key

lose
cryptsetup --disable-locks isLuks lost
expect "isLuks without locks" same
cryptsetup isLuks lost
expect "isLuks" changed
lose
cryptsetup --batch-mode --disable-locks repair lost
expect "repair without locks" same
cryptsetup --batch-mode repair lost
expect "repair" changed
