# Images of the reference board, of which most are for tests. From the stand-in
# NixOS cannot be built: there their root is Debian's, with our systemd.
{
  pkgs,
  # The board's files: default.nix.
  files,
  mkBoard,
  # nix/debian-root for a suite.
  debianOf,
  # nix/units.nix.
  units,
}:
let
  inherit (pkgs) lib;

  image = file: "${file}/${file.image}";
  boardWith =
    arguments:
    mkBoard (
      {
        name = "qemu";
        shim = image files.shim;
        recovery = image files.recovery;
      }
      // arguments
    );
  board = boardWith { };
  luksBoard = boardWith { luks = true; };
  poorBoard = boardWith { shim = image files.shimOfPoorKernel; };

  debian = debianOf "trixie";
  systemd = debian.systemd { patch = ../packages/systemd/mount-nofollow.patch; };
  debianImage =
    {
      of ? board,
      stock ? debian.root,
      # Files to lay over the root's own; null where that is to stay.
      systemd,
      extra ? [ ],
      # Further arguments of pipeline/image.nix.
      arguments ? { },
    }:
    of.mkImage (
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
            directory = "${of.drivers}/lib";
            at = "usr/lib";
          }
          { directory = debian.report; }
          { directory = units { shimboot-success = import ../../modules/success/service.nix { units = [ ]; }; }; }
        ]
        ++ extra;
      }
    );
in
{
  inherit
    board
    luksBoard
    poorBoard
    debian
    debianImage
    systemd
    ;

  patched = debianImage { inherit systemd; };
  # A dangling link for an init.
  withoutInit = debianImage {
    systemd = null;
    extra = [ { links."usr/sbin/init" = "/nowhere"; } ];
  };
  encrypted = debianImage {
    inherit systemd;
    of = luksBoard;
  };
  # For the counter-proof: Debian's systemd as it is, with the kernel's mount
  # rule and without.
  stock = debianImage { systemd = null; };
  stockWithoutRule = debianImage {
    systemd = null;
    of = boardWith { shim = image files.shimWithoutMountRule; };
  };
  # Its kernel is no shim's, and refused as one; so it goes in by itself.
  stockWithoutBootloader = debianImage {
    systemd = null;
    arguments = {
      shim = image files.shimToPartition4;
      kernel = pkgs.runCommand "kernel-without-bootloader" { } ''
        mkdir "$out"
        cp ${files.shimToPartition4.kernA} "$out/kernel.bin"
      '';
    };
    # Nobody has mounted a /dev with a console to complain on.
    extra = [ { devices."dev/console" = "c 5 1 0600"; } ];
  };
}
