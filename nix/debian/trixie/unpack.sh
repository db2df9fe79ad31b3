#!/bin/sh
# unpack.sh DIR DEB…: the files of Debian packages in one tree, nothing
# configured. Owners and setuid bits are left out: the sandbox allows neither.
set -eu
dir=$1
shift

unpack() {
  dpkg-deb --fsys-tarfile "$1" >"$dir.deb"
  tar -x -C "$dir" -f "$dir.deb" --keep-directory-symlink --no-same-owner --no-same-permissions
}

mkdir -p "$dir"
# base-files first: it has the links /bin, /lib and /sbin to /usr.
for deb; do
  case $deb in *-base-files_*) unpack "$deb" ;; esac
done
for deb; do unpack "$deb"; done
rm "$dir.deb"
