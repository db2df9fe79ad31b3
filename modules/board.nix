# Which Chromebook it is: a board that is described in nix/boards, or any other
# by its files.
{
  config,
  lib,
  options,
  pkgs,
  ...
}:
let
  cfg = config.shimboot;
  inherit (lib) mkOption types;
  boards = import ../nix/boards { inherit lib; };
  known = cfg.board != null;
  # What is said of a board that nobody described.
  unknown = {
    name = "custom";
    arch = pkgs.stdenv.hostPlatform.system;
    kernel.version = null;
    shim = null;
    recovery = null;
    modprobe = "";
  };
in
{
  options.shimboot = {
    board = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = ''
        The Chromebook's board, its model's code name, or what stands on its box; docs/boards.md lists them. A board that is not there
        works from its files: leave this unset and set {option}`shimboot.shim`.
      '';
      example = "dedede";
    };

    shim = mkOption {
      type = types.nullOr types.path;
      default = null;
      description = ''
        The board's RMA shim: a disk image, or a zip with one. Unset, it is fetched, for a board that docs/boards.md lists.
      '';
      example = lib.literalExpression "./shim.bin";
    };

    recovery = mkOption {
      type = types.nullOr types.path;
      default = null;
      description = ''
        A recovery image of the board, plain or as the zip that it comes in: the source of its firmware. Unset, it is fetched, for a
        board that docs/boards.md lists; see {option}`shimboot.firmware.fromRecovery` to do without one.
      '';
      example = lib.literalExpression "./recovery.bin.zip";
    };

    kernelVersion = mkOption {
      type = types.nullOr types.str;
      default = cfg.facts.kernel.version;
      defaultText = lib.literalMD "what docs/boards.md says of the board";
      description = ''
        Version of the shim's kernel, as `kern-unpack info` shows it: decides which systemd can run. The build stops when the shim has
        another. `null` where it is not known: the kernel is then taken for an old one.
      '';
      example = "5.4.85";
    };

    facts = mkOption {
      type = types.raw;
      internal = true;
      readOnly = true;
      default = if known then boards.boardFor cfg.board else unknown;
      description = "What nix/boards says of the board.";
    };

    pipeline = mkOption {
      type = types.raw;
      internal = true;
      default = (import ../nix { inherit pkgs; }).pipeline;
      defaultText = lib.literalMD "the steps of nix/pipeline, built from this system's package set";
      description = "The steps that the image is made in.";
    };
  };

  config.assertions = [
    {
      assertion = known || cfg.shim != null;
      message = ''
        It is not said which Chromebook this is for. Set shimboot.board, such as "dedede" (docs/boards.md lists the names that
        it knows), or for any other board shimboot.shim = ./shim.bin;
      '';
    }
    {
      assertion = cfg.facts.arch == pkgs.stdenv.hostPlatform.system;
      message = ''
        The board ${cfg.facts.name} runs ${cfg.facts.arch}, and this system is for ${pkgs.stdenv.hostPlatform.system}. Set
        nixpkgs.hostPlatform = "${cfg.facts.arch}"; or correct shimboot.board.
      '';
    }
    {
      assertion = cfg.facts.shim != null || cfg.shim != null || !known;
      message = ''
        No shim of the board ${cfg.facts.name} can be fetched. Set shimboot.shim to one that you have.
      '';
    }
  ];
}
