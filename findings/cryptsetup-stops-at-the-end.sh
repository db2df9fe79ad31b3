#!/bin/sh
# cryptsetup 2.6.1: an encryption that is cut off at its very end cannot be resumed.
#
# `cryptsetup reencrypt --encrypt --reduce-device-size` moves the beginning of the
# device to its end, encrypts all segments one after the other, overwrites what it had
# moved, and only then takes the account of all this out of the header. Where it ends
# between the last segment and that, as by a power cut, everything is encrypted and
# nothing is lost; but
#
#   - `cryptsetup reencrypt --resume-only` fails: "Failed to set device segments for next
#     reencryption hotzone.", each time;
#   - `cryptsetup repair` exits 0 and changes nothing;
#   - the header keeps the requirement "online-reencrypt", for which cryptsetup refuses
#     to resize it, or to add a passphrase.
#
# So who resumes before unlocking, as a boot script does, never unlocks again. 2.7.5 and
# 2.8.8 do the same with the same file.
#
# Seen on Debian 12, amd64, with the packages below. Needs apt, root, a loop device, and
# the kernel's AF_ALG or dm-crypt. It stops cryptsetup at a moment of a tenth of a second
# or so, and tries again where it has missed that.
set -eu
version=2:2.6.1-4~deb12u2
dir=$(mktemp -d)
loop=
trap '[ -z "$loop" ] || losetup -d "$loop"; rm -rf "$dir"' EXIT
cd "$dir"
mkdir -m 755 packages root
(cd packages && apt-get -qq -o APT::Sandbox::User=root download "cryptsetup-bin=$version" "libcryptsetup12=$version")
for package in packages/*.deb; do dpkg-deb -x "$package" root; done
cryptsetup="env LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu $dir/root/sbin/cryptsetup"
options='--disable-locks --disable-keyring --key-file key'
$cryptsetup --version
printf 'a passphrase' >key

# at_the_end: by both headers no segment is left but an encrypted one, and the account
# is there still.
at_the_end() {
  for header in 1 5; do
    json=$(dd if=disk bs=4096 skip="$header" count=3 status=none | tr -d '\000')
    case $json in *'"mandatory":["online-reencrypt'*) ;; *) return 1 ;; esac
    case ${json#*'"segments":{'} in
      '"0":{"type":"crypt","offset":"16777216","size":"dynamic"'*'"1":{"type":"linear","offset":"0",'*'"flags":["backup-previous"]}'*) ;;
      *) return 1 ;;
    esac
  done
}

# cut_off: fails where the moment was missed.
cut_off() {
  rm -f disk
  truncate -s 96M disk
  seq 1000000 | dd of=disk conv=notrunc status=none
  loop=$(losetup -f --show disk)
  # shellcheck disable=SC2086 # options
  $cryptsetup reencrypt --encrypt --init-only --type luks2 --batch-mode --pbkdf pbkdf2 --pbkdf-force-iterations 1000 \
    --reduce-device-size 32M $options "$loop"
  # shellcheck disable=SC2086
  $cryptsetup reencrypt --resume-only $options "$loop" >log 2>&1 &
  pid=$!
  found=
  while kill -STOP "$pid" 2>/dev/null; do
    if at_the_end; then
      found=yes
      kill -KILL "$pid"
      break
    fi
    kill -CONT "$pid" 2>/dev/null || break
  done
  wait "$pid" || true
  losetup -d "$loop"
  loop=
  [ -n "$found" ] && at_the_end
}

tries=0
until cut_off; do
  tries=$((tries + 1))
  [ "$tries" -lt 40 ] || {
    echo "the moment was missed 40 times: $(cat log)" >&2
    exit 1
  }
done

loop=$(losetup -f --show disk)
# shellcheck disable=SC2086
$cryptsetup open --test-passphrase $options "$loop"
echo "the passphrase fits"
# shellcheck disable=SC2086
$cryptsetup repair --batch-mode $options "$loop"
echo "repair: exit 0"
status=0
# shellcheck disable=SC2086
$cryptsetup reencrypt --resume-only $options "$loop" >said 2>&1 || status=$?
cat said
echo "resuming: exit $status"
if [ "$status" -eq 0 ] || ! grep -q 'Failed to set device segments' said; then
  echo "this is no longer so" >&2
  exit 1
fi
$cryptsetup luksDump "$loop" | grep online-reencrypt
