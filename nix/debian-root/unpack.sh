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

# /bin, /lib and /sbin are links to /usr: base-files has them since Debian 13.
for name in bin lib lib64 sbin; do
  mkdir -p "$dir/usr/$name"
  ln -s "usr/$name" "$dir/$name"
done
for deb; do
  case $deb in *-base-files_*) unpack "$deb" ;; esac
done
for deb; do unpack "$deb"; done
rm "$dir.deb"
