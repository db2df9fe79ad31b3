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
  # The board with kernels of other times.
  withShim = shim: boardWith { shim = image shim; };
  boards = builtins.mapAttrs (_: withShim) files.shims;
  poorestBoard = withShim files.poorestShim;
  agedBoards = builtins.mapAttrs (_: withShim) files.agedShims;

  # For debianImage's arguments: a kernel that is refused as a shim's, put in by itself.
  withRefused = shim: {
    shim = image shim;
    kernel = pkgs.runCommand "kernel-of-no-shim" { } ''
      mkdir "$out"
      cp ${shim.kernA} "$out/kernel.bin"
    '';
  };

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
    agedBoards
    board
    luksBoard
    boards
    poorestBoard
    debian
    debianImage
    systemd
    ;

  patched = debianImage { inherit systemd; };
  # On kernels of other times.
  patched2016 = debianImage {
    inherit systemd;
    of = boards."2016";
  };
  patched2022 = debianImage {
    inherit systemd;
    arguments = withRefused files.shims."2022";
  };
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
    of = boards.new;
  };
  stockWithoutBootloader = debianImage {
    systemd = null;
    arguments = withRefused files.shimToPartition4;
    # Nobody has mounted a /dev with a console to complain on.
    extra = [ { devices."dev/console" = "c 5 1 0600"; } ];
  };
}
