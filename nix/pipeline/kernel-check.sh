#!/bin/sh
# Fails when a kernel is not the one that its board was described with:
# kernel-check.sh BOARD KERNEL.JSON VERSION SYSTEM. VERSION is "5.4.85", or a
# beginning such as "5.15", or nothing where it is not known.
set -eu
board=$1
version=$3
arch=${4%-linux}
release=$(jq -er .kernelRelease "$2")
found=${release%%[-+]*}

if [ -n "$version" ]; then
  case $found. in
    "$version".*) ;;
    *)
      echo "$board: the shim's kernel is $release, want $version. Is it another board's shim? Else set" >&2
      echo "shimboot.kernelVersion = \"$found\"; and see that systemd fits (docs/boards.md)." >&2
      exit 2
      ;;
  esac
fi
found=$(jq -er .arch "$2")
if [ "$found" != "$arch" ]; then
  echo "$board: the shim's kernel is for $found, want $arch. Set nixpkgs.hostPlatform = \"$found-linux\";" >&2
  exit 2
fi
