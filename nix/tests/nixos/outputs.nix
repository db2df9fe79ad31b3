# The flake's outputs with one nixpkgs in the place of each of its inputs: what
# `nix flake show` and `nix flake check --no-build` look at, one by one, and
# without their copy of nixpkgs to the store.
{ nixpkgs }:
let
  inputOf =
    path:
    let
      self = (import (path + "/flake.nix")).outputs { inherit self; } // {
        outPath = path;
      };
    in
    self;
  input = inputOf nixpkgs;
  flake = import ../../../flake.nix;
  self = {
    outPath = ../../..;
  };
in
{
  inherit input;
  outputs = flake.outputs (builtins.mapAttrs (_: _: input) flake.inputs // { inherit self; });
}
