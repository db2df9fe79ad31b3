# shellcheck shell=sh
# The image that a command is about: the one that is named, or that `nix build`
# left in ./result.

# image_named NAME: NAME itself, or the image in it when it is a directory.
image_named() {
  if ! [ -e "$1" ]; then
    echo "shimboot: $1: not found; build an image (nix build .#image-BOARD) or name one" >&2
    return 2
  fi
  if ! [ -d "$1" ]; then
    echo "$1"
    return
  fi
  set -- "$1"/*.img
  if [ $# -ne 1 ] || ! [ -f "$1" ]; then
    echo "shimboot: ${1%/*}: found no single image in it; build one (nix build .#image-BOARD) or name it" >&2
    return 2
  fi
  echo "$1"
}
