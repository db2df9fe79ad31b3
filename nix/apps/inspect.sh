#!/bin/sh
# nix run .#inspect -- [IMAGE]: what an image is made of, and whether firmware
# would take its kernel.
set -eu
# shellcheck source=nix/apps/image.sh
. "${library:?}/image.sh"
if [ $# -gt 1 ]; then
  echo "usage: inspect [IMAGE]" >&2
  exit 64
fi
image=$(image_named "${1:-result}")
gpt-pack show "$image"
gpt-pack verify "$image"
kern-unpack info "$image"
