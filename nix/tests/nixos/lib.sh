# shellcheck shell=sh
# What `make eval-nixos` and `make nixos` have in common. They are called from the
# repository's root, with a folder of nixpkgs as their one word.

# What a release has to be at least: modules/ names options that came with it.
oldest=25.05

# nixpkgs_at FOLDER: sets nixpkgs and release, or says what is wrong with it. The folder
# is as it is called from where the user is.
nixpkgs_at() {
  if [ $# -ne 1 ] || [ -z "$1" ]; then
    echo "usage: $0 NIXPKGS: a checkout of nixpkgs, $oldest or later (make … NIXPKGS=DIR)" >&2
    exit 64
  fi
  case $1 in
    /*) ;;
    *) set -- "${called_from:?}/$1" ;;
  esac
  if ! [ -d "$1" ]; then
    stop "there is no folder $1"
  elif ! [ -f "$1/lib/.version" ] || ! [ -d "$1/pkgs/top-level" ]; then
    stop "$1 is not a checkout of nixpkgs: it has no lib/.version or no pkgs/top-level"
  elif ! [ -f "$1/nixos/lib/eval-config.nix" ]; then
    stop "$1 has no nixos/lib/eval-config.nix: it is nixpkgs without NixOS, as a sparse checkout may be"
  fi
  nixpkgs=$(realpath "$1")
  release=$(cat "$nixpkgs/lib/.version")
  case $release in
    [0-9]*.[0-9]*) ;;
    *) stop "$1/lib/.version has no release: $(head -c 40 "$nixpkgs/lib/.version")" ;;
  esac
  [ "$(printf '%s\n' "$oldest" "$release" | sort -V | head -n 1)" = "$oldest" ] ||
    stop "$1 is nixpkgs $release, and $oldest is the oldest that works here"
}

stop() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# use_nix FOLDER: sets nix to one that nixpkgs allows: the machine's own, or Debian
# 13's, unpacked in that folder. Either works on the machine's store.
use_nix() {
  nix=$(command -v nix || true)
  if ! [ "$nix" ] || ! nix eval --extra-experimental-features nix-command --file "$nixpkgs" lib.version >/dev/null 2>&1; then
    nix=$(nix/tests/nixos/newer-nix "$1")
    settings
  fi
  NIX_CONFIG="${NIX_CONFIG-}
extra-experimental-features = nix-command flakes"
  export NIX_CONFIG
}

# settings: the stand-in's, and two in the place of what Debian's Nix was built with,
# which names programs that this machine has not.
settings() {
  eval "$(nix/stand-in/setup --env)"
  NIX_CONFIG="sandbox-paths =
build-hook =
$NIX_CONFIG"
}
