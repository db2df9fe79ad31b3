# All checks by name, each a derivation that fails when the behaviour it is
# named for is not there; what takes too long for every run is in slowChecks.
{
  pkgs,
  tools,
  units,
  vm,
  # The reference board's files, and its images: nix/reference.
  reference,
  images,
  debianOf,
  # Whether there is the Debian root that the images are made of.
  onDebian,
}:
let
  inherit (pkgs) lib;
  call = import ../../call.nix pkgs;
  shim = vm.file reference.shim;

  initrdOf = call ./initrd.nix { };
  kernels = call ./kernels.nix { inherit tools reference; };
  firstBootOn =
    board:
    call ./first-boot.nix {
      inherit
        board
        tools
        units
        vm
        ;
      inherit (images) luksBoard systemd;
      stock = images.debian.rootForTests;
    };
  firstBoot = firstBootOn images.board;

  powerCut = call ./powercut {
    inherit call tools vm;
    inherit (reference) kernel;
    inherit (images) luksBoard;
    bootloaderImages = call ./bootloader/images.nix {
      inherit vm;
      inherit (pkgs.pkgsStatic) busybox;
      inherit (images) board;
    };
    firstBoot = if onDebian then firstBoot else null;
  };

  anywhere =
    kernels.checks
    // call ./rules.nix {
      inherit initrdOf;
      inherit (reference) kernels;
    }
    // powerCut.checks
    // call ./bootloader {
      inherit vm;
      inherit (pkgs.pkgsStatic) busybox;
      inherit (images) board luksBoard;
    }
    // call ./closure.nix {
      inherit vm;
      inherit (pkgs.pkgsStatic) busybox;
      inherit (images) board;
    }
    // call ./nixos.nix {
      systemd = if onDebian then images.systemd else null;
      referenceKernel = images.board.kernel;
    };

  ofDebian =
    firstBoot.checks
    // call ./services.nix {
      inherit units;
      stock = images.debian.rootForTests;
    }
    // call ./image.nix {
      inherit
        tools
        vm
        images
        shim
        ;
      inherit (reference) shims;
    }
    // call ./ext4.nix {
      inherit initrdOf vm;
      inherit (reference) kernel;
      image = images.patched;
    }
    // call ./flash.nix {
      inherit tools vm shim;
      image = images.patched;
    };

  slowOfDebian =
    firstBoot.slowChecks
    // {
      # The services of modules/ where systemd can do less of what they ask for.
      first-boot-on-the-poorest-kernel = (firstBootOn images.poorestBoard).checks.first-boot;
    }
    // import ./luks/systemd.nix {
      inherit vm;
      image = vm.file images.encrypted;
    }
    // call ./systemd.nix {
      inherit vm debianOf;
      inherit (images) agedBoards debianImage;
    };
in
{
  checks = anywhere // powerCut.checksOfDebian // lib.optionalAttrs onDebian ofDebian;
  slowChecks = kernels.slowChecks // powerCut.slowChecks // powerCut.slowChecksOfDebian // lib.optionalAttrs onDebian slowOfDebian;
}
