# Wires the project together for one package set: each folder is called once,
# with what it needs of the others. flake.nix only passes on what comes out.
{ pkgs }:
let
  inherit (pkgs) lib;
  call = import ./call.nix pkgs;

  tools = pkgs.callPackage ./packages/tools.nix { };
  units = call ./units.nix { };
  pipeline = import ./pipeline { inherit pkgs tools; };

  # The stand-in for nixpkgs has Debian's packages, to make a root of.
  onDebian = pkgs ? debianPackagesOf;
  debianOf =
    suite:
    call ./debian-root {
      inherit suite;
      packages = pkgs.debianPackagesOf suite;
    };

  reference = import ./reference { inherit pkgs; };
  vm = call ./reference/vm.nix { inherit tools; };
  images = import ./reference/images.nix {
    inherit pkgs units debianOf;
    inherit (pipeline) mkBoard;
    files = reference;
  };
  tests = import ./tests/checks {
    inherit pkgs tools units vm reference images debianOf onDebian;
  };
in
{
  packages = {
    inherit tools;
    inherit (pkgs) go;
  }
  // import ./reference/packages.nix {
    inherit lib images onDebian;
    files = reference;
  };

  inherit (tests) checks slowChecks;

  apps = call ./apps { inherit tools; };
  bootApp = vm.app; # boots an image on the terminal
  devShells.default = import ./shell.nix { inherit pkgs; };
  # Debian has no formatter for Nix.
  formatter = lib.filterAttrs (_: p: p != null) { x86_64-linux = pkgs.nixfmt-rfc-style or null; };

  # For modules/, and for images whose root is not NixOS (mkBoard).
  inherit pipeline;
  inherit (pipeline) mkBoard;
  reference = builtins.mapAttrs (_: vm.file) {
    inherit (reference) shim recovery;
    oldShim = reference.shims."2016";
  };
}
