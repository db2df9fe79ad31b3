# nixpkgs' stdenv of the programs below /usr, as stdenvStages: two stages of its own
# three, as the third builds xz from a source that nobody can fetch here.
nixpkgs: arguments:
let
  native = import (nixpkgs + "/pkgs/stdenv/native");
in
arguments.lib.take 2 (native (builtins.intersectAttrs (builtins.functionArgs native) arguments))
