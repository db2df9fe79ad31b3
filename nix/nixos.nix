# NixOS on the boards: a system and its packages for each of them, every one
# from the nixpkgs whose systemd its kernel can run.
{
  # The inputs of flake.nix by name.
  pins,
  # nix/default.nix for a system, such as "x86_64-linux".
  projectFor,
  lib,
}:
let
  inherit (import ./boards { inherit lib; }) boards boardFor;

  # The modules with the pipeline of this flake, whatever nixpkgs the system
  # is made from.
  module =
    { lib, pkgs, ... }:
    {
      imports = [ ../modules ];
      shimboot.pipeline = lib.mkDefault (projectFor pkgs.stdenv.hostPlatform.system).pipeline;
    };

  # The image of a system; a board's or model's name will do, as for boardFor.
  # For a board that is not described:
  #   mkImage { modules = [ { shimboot.shim = ./shim.bin; nixpkgs.hostPlatform = "x86_64-linux"; } ]; }
  mkImage = arguments: (mkSystem arguments).config.system.build.shimbootImage;
  mkSystem =
    {
      board ? null,
      modules ? [ ],
      # Of another nixpkgs than the board's own.
      nixpkgs ? pins.${(if board == null then unknown else boardFor board).systemd.pin},
    }:
    (nixpkgs.lib.nixosSystem or (throw "shimboot: a system ${standIn}")) {
      modules = [
        module
      ]
      ++ lib.optional (board != null) {
        shimboot.board = (boardFor board).name;
        nixpkgs.hostPlatform = nixpkgs.lib.mkDefault (boardFor board).arch;
      }
      ++ modules;
    };
  unknown.systemd = (import ./boards/kernels.nix).systemdFor null;

  unavailable = import ./unavailable.nix;
  standIn = "is made of NixOS, which the stand-in for nixpkgs does not have: build it with nixpkgs itself";

  boardPackages =
    board:
    let
      inherit (board) name;
      project = projectFor "x86_64-linux";
      target = projectFor board.arch;
      sources =
        if board.shim == null then
          project.reference
        else
          {
            shim = project.pipeline.sources.shim board;
            recovery = if board.recovery == null then null else project.pipeline.sources.recovery board;
          };
      files = sources // {
        inherit name;
      };
      live = mkSystem {
        board = name;
        modules = [
          ../modules/profiles/live.nix
          { shimboot = sources; }
        ];
      };
      nixos = pins.${board.systemd.pin}.lib ? nixosSystem;
      needsNixos =
        output: value:
        if nixos then value else unavailable output standIn;
      needsTarget =
        output: value:
        if nixos || board.arch == "x86_64-linux" then
          value
        else
          unavailable output "needs a static busybox for ${board.arch}, which the stand-in for nixpkgs does not have";
    in
    {
      "kernel-${name}" = (project.mkBoard files).kernel;
      "drivers-${name}" = (project.mkBoard files).drivers;
      "bootloader-${name}" = needsTarget "bootloader-${name}" (target.mkBoard files).bootloader;
      "systemd-${name}" = needsNixos "systemd-${name}" live.config.systemd.package;
      "image-${name}" = needsNixos "image-${name}" live.config.system.build.shimbootImage;
    };
  fetched = builtins.filter (board: board.shim != null) (builtins.attrValues boards);
in
{
  inherit module mkImage mkSystem;
  packages =
    builtins.foldl' (all: board: all // boardPackages board) { } (builtins.attrValues boards)
    // rec {
      shimboot-image = (boardPackages boards.qemu).image-qemu;
      default = shimboot-image;
    };

  # Everything that is not free and that the pipeline makes or fetches: what
  # nixpkgs has to be told to allow (config.allowUnfreePredicate).
  unfreeNames = builtins.concatMap (
    board:
    [ "shim-${board.name}.bin" ]
    ++ lib.optional (board.recovery != null) "recovery-${board.name}-${board.recovery.version}.bin.zip"
  ) fetched;
}
