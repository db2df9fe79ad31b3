# The way from a board's files to an image: its steps, each a derivation that
# calls one tool, and mkBoard, which puts them together.
{ pkgs, tools }:
let
  call = import ../call.nix pkgs;

  steps = {
    kernel = call ./kernel.nix { inherit tools; };
    bootloader = call ./bootloader.nix {
      inherit tools;
      inherit (pkgs.pkgsStatic) busybox cryptsetup e2fsprogs;
    };
    drivers = call ./drivers.nix { inherit tools; };
    image = call ./image.nix { inherit tools; };
    kernelCheck = call ./kernel-check.nix { };
    sources = call ../sources { };
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
