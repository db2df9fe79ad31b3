#!/bin/sh
# Links the programs of one installed Debian package; see host.nix.
set -eu
: "${out:?}" "${package:?}" "${programs?}"
PATH=/usr/bin
mkdir -p "$out/bin"
for program in $programs; do
  for dir in /usr/bin /usr/sbin; do
    if [ -x "$dir/$program" ]; then
      ln -s "$dir/$program" "$out/bin/$program"
      continue 2
    fi
  done
  echo "$package: /usr/bin/$program is not there: run nix/stand-in/setup" >&2
  exit 1
done
