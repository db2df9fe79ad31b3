# The way from a board's files to an image: its steps, each a derivation that
# calls one tool, and mkBoard, which puts them together.
{ pkgs, tools }:
let
  inherit (pkgs) callPackage;

  steps = {
    kernel = callPackage ./kernel.nix { inherit tools; };
    bootloader = callPackage ./bootloader.nix {
      inherit tools;
      inherit (pkgs.pkgsStatic) busybox cryptsetup e2fsprogs;
    };
    drivers = callPackage ./drivers.nix { inherit tools; };
    image = callPackage ./image.nix { inherit tools; };
    kernelCheck = callPackage ./kernel-check.nix { };
    sources = callPackage ../sources { };
  };

  # All steps for one board, from the files it needs.
  mkBoard =
    {
      name,
      shim,
      recovery ? null,
      # Whether the root is encrypted at the first start: docs/bootloader.md.
      luks ? false,
    }:
    rec {
      kernel = steps.kernel {
        board = name;
        inherit shim;
      };
      bootloader = steps.bootloader {
        board = name;
        inherit kernel luks;
      };
      drivers = steps.drivers {
        board = name;
        inherit kernel shim recovery;
      };
      # mkImage { root = [ … ]; … }: see image.nix.
      mkImage =
        arguments:
        steps.image (
          {
            board = name;
            inherit kernel bootloader shim drivers luks;
          }
          // arguments
        );
    };
in
steps // { inherit mkBoard; }
