# The boards by name, and how to find one's own:
#
#   (import ./nix/boards { inherit lib; }).boards.dedede.shim.hash
#   (import ./nix/boards { inherit lib; }).boardFor "HP Chromebook 14 G7"
#
# Each file says only what is particular to its board; what follows from it is
# worked out here.
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
  # of a zip with one image in it; the hash is that image's.
  shimOf = name: shim: {
    inherit (shim) hash;
    chunks = ./chunks + "/${name}";
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

  logic = [
    "default.nix"
    "kernels.nix"
    "lookup.nix"
    "table.nix"
  ];
  files = lib.filterAttrs (file: _: builtins.match ".*\\.nix" file != null && !builtins.elem file logic) (
    builtins.readDir ./.
  );
  nameOf = file: builtins.head (builtins.match "(.*)\\.nix" file);
  boards = builtins.listToAttrs (
    map (file: lib.nameValuePair (nameOf file) (complete (nameOf file) (import (./. + "/${file}")))) (
      builtins.attrNames files
    )
  );
in
{
  inherit boards;
  boardFor = import ./lookup.nix { inherit lib boards; };
  table = import ./table.nix { inherit lib boards; };
  systemdFor = kernels.systemdFor;
}
