#!/bin/sh
# What closure-info.nix runs: closure-info.sh PATH OUT. Nix lists the closure
# in .attrs.json, as it does for a derivation with structured attributes.
set -eu
PATH=$1
out=$2
export PATH
mkdir "$out"
jq -r '.closure[].path' .attrs.json >"$out/store-paths"
jq -r '.closure[] | .path, .narHash, .narSize, "", (.references | length), .references[]' \
  .attrs.json >"$out/registration"
