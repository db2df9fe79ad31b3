# Calls a function of a file with the packages that it names, and passes on what
# comes out as it is. nixpkgs' callPackage adds `override` and
# `overrideDerivation`, which is right for a package; in a set of checks or apps
# they would pass for two of them.
pkgs: file: extra:
let
  function = import file;
in
function (builtins.intersectAttrs (builtins.functionArgs function) (pkgs // extra) // extra)
