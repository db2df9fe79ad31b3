#!/bin/sh
# nix run .#flash -- [--OPTION…] [IMAGE] DEVICE: writes an image to a stick, with
# the checks of gpt-pack flash, whose options it takes. Without words it lists
# the sticks.
set -eu
# shellcheck source=nix/apps/image.sh
. "${library:?}/image.sh"

options=0
for word; do
  case $word in
    --force | --guids | --progress)
      echo "flash: $word: want its value behind a =, such as $word=VALUE" >&2
      exit 64
      ;;
    -*) options=$((options + 1)) ;;
    *) break ;;
  esac
done
case $(($# - options)) in
  0) exec gpt-pack flash "$@" ;;
  1) image=result ;;
  2) image= ;;
  *)
    echo "usage: flash [--OPTION=…] [IMAGE] DEVICE (IMAGE is ./result where it is not named; gpt-pack flash --help has the options)" >&2
    exit 64
    ;;
esac

# gpt-pack flash OPTIONS IMAGE DEVICE
i=0
for word; do
  [ "$i" -gt 0 ] || set --
  i=$((i + 1))
  if [ "$i" -eq $((options + 1)) ]; then
    file=$(image_named "${image:-$word}")
    set -- "$@" "$file"
    [ -n "$image" ] || continue
  fi
  set -- "$@" "$word"
done
exec gpt-pack flash "$@"
