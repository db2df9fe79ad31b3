# The boards by name, and how to find one's own:
#
#   (import ./nix/boards { inherit lib; }).boards.dedede.shim.hash
#   (import ./nix/boards { inherit lib; }).boardFor "HP Chromebook 14 G7"
#
# A board is a folder with a board.nix, which says only what is particular to
# it; what follows from that is worked out here. docs/porting.md adds one.
{ lib }:
let
  kernels = import ./kernels.nix;

  complete =
    name: board:
    { modprobe = ""; }
    // board
    // {
      inherit name;
      systemd = kernels.systemdFor board.kernel.version;
      shim = if board.shim == null then null else shimOf name board.shim;
      recovery = if board.recovery == null then null else recoveryOf name board.recovery;
    };

  # Mirrors in the order in which they are asked. The chunks are 25 MiB pieces
  # of a zip with one image in it, where somebody had that zip; the hash is that
  # image's.
  shimOf = name: shim: {
    inherit (shim) hash;
    chunks = shim.chunks or null;
    mirrors = [
      "chunks https://cdn.cros.download/files/${name}/${name}.zip"
      "zip https://dl.cros.download/files/${name}/${name}.zip"
    ];
  };

  # The hash is the zip's.
  recoveryOf = name: recovery: {
    inherit (recovery) hash version;
    url = "https://dl.google.com/dl/edgedl/chromeos/recovery/chromeos_${recovery.version}_${name}_recovery_stable-channel_${recovery.key}.bin.zip";
  };

  folders = lib.filterAttrs (name: type: type == "directory" && builtins.pathExists (./. + "/${name}/board.nix")) (
    builtins.readDir ./.
  );
  boards = builtins.mapAttrs (name: _: complete name (import (./. + "/${name}/board.nix"))) folders;
in
{
  inherit boards;
  boardFor = import ./lookup.nix { inherit lib boards; };
  table = import ./table.nix { inherit lib boards; };
  systemdFor = kernels.systemdFor;
  inherit (import ./branches.nix { inherit lib; }) traitsOf;
}
