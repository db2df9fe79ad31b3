# Wires the project together for one package set: tools, pipeline, boards,
# tests. flake.nix only passes on what comes out of here.
{ pkgs }:
let
  inherit (pkgs) lib callPackage;

  tools = callPackage ./packages/tools.nix { };

  pipeline = {
    kernel = callPackage ./pipeline/kernel.nix { inherit tools; };
    bootloader = callPackage ./pipeline/bootloader.nix {
      inherit tools;
      inherit (pkgs.pkgsStatic) busybox cryptsetup e2fsprogs;
    };
    drivers = callPackage ./pipeline/drivers.nix { inherit tools; };
    image = callPackage ./pipeline/image.nix { inherit tools; };
    kernelCheck = callPackage ./pipeline/kernel-check.nix { };
    sources = callPackage ./sources { };
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
      kernel = pipeline.kernel {
        board = name;
        inherit shim;
      };
      bootloader = pipeline.bootloader {
        board = name;
        inherit kernel luks;
      };
      drivers = pipeline.drivers {
        board = name;
        inherit kernel shim recovery;
      };
      # mkImage { root = [ … ]; … }: see pipeline/image.nix.
      mkImage =
        arguments:
        pipeline.image (
          {
            board = name;
            inherit kernel bootloader shim drivers luks;
          }
          // arguments
        );
    };

  reference = import ./reference { inherit pkgs; };
  image = file: "${file}/${file.image}";
  qemuWith =
    arguments:
    mkBoard (
      {
        name = "qemu";
        shim = image reference.shim;
        recovery = image reference.recovery;
      }
      // arguments
    );
  qemu = qemuWith { };
  luksQemu = qemuWith { luks = true; };

  # From the stand-in NixOS cannot be built: there the reference image's root is
  # Debian's, with our systemd.
  onDebian = pkgs ? debianPackagesOf;
  debianOf =
    suite:
    callPackage ./debian-root {
      inherit suite;
      packages = pkgs.debianPackagesOf suite;
    };
  debianRoot = debianOf "trixie";
  patchedSystemd = debianRoot.systemd { patch = ./packages/systemd/mount-nofollow.patch; };
  debianImage =
    {
      board ? qemu,
      stock ? debianRoot.root,
      systemd,
      extra ? [ ],
      # Further arguments of pipeline/image.nix.
      arguments ? { },
    }:
    board.mkImage (
      arguments
      // {
        name = "debian";
        size = "content+25%";
        root = [
          { tar = stock; }
        ]
        ++ lib.optional (systemd != null) { directory = systemd; }
        ++ [
          {
            directory = "${board.drivers}/lib";
            at = "usr/lib";
          }
          { directory = debianRoot.report; }
          { directory = units { shimboot-success = import ../modules/success/service.nix { units = [ ]; }; }; }
        ]
        ++ extra;
      }
    );

  units = import ./units.nix { inherit lib; inherit (pkgs) runCommand; };

  images = {
    patched = debianImage { systemd = patchedSystemd; };
    # A dangling link for an init.
    withoutInit = debianImage {
      systemd = null;
      extra = [ { links."usr/sbin/init" = "/nowhere"; } ];
    };
    encrypted = debianImage {
      systemd = patchedSystemd;
      board = luksQemu;
    };
    # For the counter-proof: Debian's systemd as it is, with the kernel's mount
    # rule and without.
    stock = debianImage { systemd = null; };
    stockWithoutRule = debianImage {
      systemd = null;
      board = qemuWith { shim = image reference.shimWithoutMountRule; };
    };
    # Its kernel is no shim's, and refused as one; so it goes in by itself.
    stockWithoutBootloader = debianImage {
      systemd = null;
      arguments = {
        shim = image reference.shimToPartition4;
        kernel = pkgs.runCommand "kernel-without-bootloader" { } ''
          mkdir "$out"
          cp ${reference.shimToPartition4.kernA} "$out/kernel.bin"
        '';
      };
      # Nobody has mounted a /dev with a console to complain on.
      extra = [ { devices."dev/console" = "c 5 1 0600"; } ];
    };
  };

  vm = callPackage ./reference/vm.nix { inherit tools; };
  ext4Checks = callPackage ./tests/checks/ext4.nix {
    inherit vm;
    inherit (reference) kernel;
    image = images.patched;
  };

  closureChecks = callPackage ./tests/checks/closure.nix {
    inherit vm;
    inherit (pkgs.pkgsStatic) busybox;
    board = qemu;
  };
  flashChecks = callPackage ./tests/checks/flash.nix {
    inherit tools vm;
    image = images.patched;
    shim = image reference.shim;
  };
  firstBoot = callPackage ./tests/checks/first-boot.nix {
    inherit tools units vm;
    stock = debianRoot.rootForTests;
    systemd = patchedSystemd;
    board = qemu;
    luksBoard = luksQemu;
  };

  kernels = callPackage ./tests/checks/kernels.nix { inherit tools reference; };
in
{
  packages = {
    inherit tools;
    kernel-qemu = qemu.kernel;
    bootloader-qemu = qemu.bootloader;
    drivers-qemu = qemu.drivers;
    shim-qemu = reference.shim;
    recovery-qemu = reference.recovery;
    inherit (pkgs) go;
  }
  // (
    if onDebian then
      {
        default = images.patched;
        shimboot-image = images.patched;
        image-qemu = images.patched;
        systemd-qemu = patchedSystemd;
        # ChromeOS kernels and keys for the tools' tests.
        vboot-source = debianRoot.vbootSource;
      }
    else
      { }
  );

  checks =
    (
      if onDebian then
        callPackage ./tests/checks/image.nix {
          inherit tools vm images;
          shim = image reference.shim;
        }
        // firstBoot.checks
      else
        { }
    )
    // callPackage ./tests/checks/bootloader {
      inherit vm;
      inherit (pkgs.pkgsStatic) busybox;
      board = qemu;
      luksBoard = luksQemu;
    }
    // kernels.checks
    // ext4Checks
    // closureChecks
    // flashChecks
    // callPackage ./tests/checks/nixos.nix { systemd = if onDebian then patchedSystemd else null; };

  # What takes too long for every run: make test-all.
  slowChecks =
    kernels.slowChecks
    // (
      if onDebian then
        firstBoot.slowChecks
        // import ./tests/checks/bootloader/luks-systemd.nix {
          inherit vm;
          image = vm.file images.encrypted;
        }
        // callPackage ./tests/checks/systemd.nix {
          inherit vm debianImage debianOf;
        }
      else
        { }
    );

  apps = callPackage ./apps { inherit tools; };
  # Boots an image on the terminal.
  bootApp = vm.app;

  devShells.default = import ./shell.nix { inherit pkgs; };

  # Debian has no formatter for Nix.
  formatter = lib.filterAttrs (_: p: p != null) { x86_64-linux = pkgs.nixfmt-rfc-style or null; };

  # For modules/, and for images whose root is not NixOS (mkBoard).
  inherit pipeline mkBoard;
  # The reference board's files.
  reference = {
    shim = image reference.shim;
    recovery = image reference.recovery;
  };
}
