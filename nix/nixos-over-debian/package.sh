#!/bin/sh
# What Debian has below /usr, in the layout of a package of nixpkgs':
#
#   package.sh TREE OUT PACKAGE…
#
# Programs and data are links into the tree, which is /usr where they run. What
# others read as text (units, rules, D-Bus' and polkit's files) is copied, with the
# tree's paths in the place of /usr's.
set -eu
tree=$1
out=$2
shift 2

# copied PATH: whether it is of those.
copied() {
  case $1 in
    lib/systemd/system/* | lib/systemd/user/* | lib/tmpfiles.d/* | lib/sysusers.d/* | lib/sysctl.d/* | lib/udev/* | \
      share/dbus-1/* | share/polkit-1/* | share/bash-completion/* | etc/*) ;;
    *) return 1 ;;
  esac
}

copy() {
  mkdir -p "$(dirname "$out/$2")"
  if [ -L "$1" ]; then
    cp -P "$1" "$out/$2"
  elif ! [ -d "$1" ] && ! grep -qI . "$1"; then
    cp "$1" "$out/$2"
  elif ! [ -d "$1" ]; then
    sed "s,/usr/\(bin\|sbin\|lib\|libexec\|share\)/,$tree/usr/\1/,g" "$1" >"$out/$2"
    chmod --reference="$1" "$out/$2"
  fi
}

mkdir -p "$out"
for package; do
  while read -r file; do
    path=${file#usr/}
    source=$tree/$file
    if ! [ -e "$source" ] && ! [ -L "$source" ]; then
      source=$tree/moved/$path
      if ! [ -e "$source" ] && ! [ -L "$source" ]; then continue; fi
    fi
    case $path in
      bin/* | sbin/*)
        mkdir -p "$out/bin"
        ln -sf "$tree/$file" "$out/bin/"
        ;;
      lib/x86_64-linux-gnu/security/*)
        mkdir -p "$out/lib"
        ln -sfn "$tree/usr/lib/x86_64-linux-gnu/security" "$out/lib/security"
        ;;
      *)
        if copied "$path"; then
          copy "$source" "$path"
        else
          # The folder or file below lib, share and so on, once.
          rest=${path#*/}
          top=${path%%/*}/${rest%%/*}
          case $top in
            lib/systemd | lib/udev | share/dbus-1 | share/polkit-1 | share/bash-completion | */*.d | etc/* | var/*) continue ;;
            lib/* | libexec/* | share/*) ;;
            *) continue ;;
          esac
          mkdir -p "$out/${path%%/*}"
          [ -e "$out/$top" ] || ln -s "$tree/usr/$top" "$out/$top"
        fi
        ;;
    esac
  done <"$tree/lists/$package"
done
# As nixpkgs' packages have it.
if [ -d "$out/bin" ]; then ln -s bin "$out/sbin"; fi
