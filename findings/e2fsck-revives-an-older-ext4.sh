#!/bin/sh
# e2fsck 1.47.0: where an ext4 was once, `e2fsck -f -y` writes the old one over what
# is there now, and says that a file system was modified.
#
# mkfs.btrfs 6.2, mkfs.xfs 6.1 and mkswap 2.38 wipe an ext4's superblock, and none of
# its copies in the middle of the device. e2fsck finds no superblock, goes to the
# first copy by itself, asks nothing more with -y, and makes the old file system
# whole again over the new one. It exits with 1, as after any small repair. So a
# "repair" in a menu or an initramfs has to know what a device holds before it calls
# e2fsck. `e2fsck -n` says "trying backup blocks", and writes nothing.
#
# Seen on Debian 12, amd64, with the packages below. Needs apt.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir packages root
(cd packages && apt-get -qq -o APT::Sandbox::User=root download \
  e2fsck-static=1.47.0-2+b2 e2fsprogs=1.47.0-2+b2 libext2fs2=1.47.0-2+b2 \
  btrfs-progs=6.2-1+deb12u2 xfsprogs=6.1.0-1)
for package in packages/*.deb; do dpkg-deb -x "$package" root; done
PATH=$dir/root/sbin:$dir/root/usr/sbin:$dir/root/bin:$dir/root/usr/bin:$PATH
export LD_LIBRARY_PATH="$dir/root/lib/x86_64-linux-gnu:$dir/root/usr/lib/x86_64-linux-gnu"

changed() {
  cat said
  echo "this is no longer so: $1" >&2
  exit 1
}

# again KIND PROGRAM…: an ext4, then what the program makes of it, then e2fsck.
again() {
  kind=$1
  shift
  rm -f disk
  truncate -s 400M disk
  mke2fs -q -F -t ext4 disk >log 2>&1
  "$@" disk >log 2>&1
  now=$(blkid -p -s TYPE -o value disk)
  [ "$now" = "$kind" ] || {
    echo "blkid says $now, want $kind" >&2
    exit 1
  }
  cp --sparse=always disk before
  e2fsck.static -f -n disk >said 2>&1 || true
  grep -q "trying backup blocks" said || changed "e2fsck -n does not find the copy"
  cmp disk before || changed "e2fsck -n has written"
  status=0
  e2fsck.static -f -y disk >said 2>&1 || status=$?
  [ "$status" -eq 1 ] || changed "e2fsck -y exits with $status"
  dumpe2fs -h disk >log 2>&1 || changed "no ext4 is there after e2fsck -y"
  echo "$kind: exit 1, $(cmp -l before disk | wc -l) bytes are other ones, an ext4 of $(sed -n 's/^Block count: *//p' log) blocks is there"
}

e2fsck.static -V 2>&1 | head -n 1
again btrfs mkfs.btrfs -f
again xfs mkfs.xfs -f
again swap mkswap
