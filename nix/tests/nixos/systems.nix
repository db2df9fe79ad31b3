# What is evaluated with a real nixpkgs: `names`, and `systems` by name. Each is
#
#   {
#     want = null;       # or what the one refusal says that is meant
#     warned = null;     # or what the one warning says that is meant
#     refused = [ ];     # sentences
#     fits = true;       # false: refused for its systemd, and tried with a kernel that fits
#     warnings = [ ];
#     derivations = [ ]; # paths
#   }
{ nixpkgs }:
let
  inherit (import ./outputs.nix { inherit nixpkgs; }) outputs input;
  inherit (input) lib;
  inherit (outputs.lib) boards mkSystem;

  # What is wanted, board, modules -> what is to be known of that system.
  look =
    wanted: board: modules:
    let
      systemWith =
        more:
        mkSystem {
          inherit board;
          modules = modules ++ more;
        };
      natural = systemWith [ ];
      fits = !builtins.any isOfSystemd (failed natural);
      system = if fits then natural else systemWith [ { shimboot.kernelVersion = lib.mkForce "5.15.74"; } ];
      refused = failed system;
    in
    {
      want = wanted.refused or null;
      warned = wanted.warned or null;
      inherit fits refused;
      inherit (system.config) warnings;
      derivations = lib.optionals (refused == [ ]) [
        system.config.system.build.toplevel.drvPath
        system.config.system.build.shimbootImage.drvPath
      ];
    };
  failed = system: map (a: a.message) (builtins.filter (a: !a.assertion) system.config.assertions);
  isOfSystemd = lib.hasInfix "does not run on the kernel of the board";

  profiles = {
    live = [ outputs.nixosModules.live ];
    headless = [
      outputs.nixosModules.headless
      {
        shimboot.headless.authorizedKeys = [ "ssh-ed25519 AAAA me" ];
        system.stateVersion = lib.trivial.release;
      }
    ];
    # As a user gets it, and the two lines changed that say for which board.
    template = [ (outputs.templates.default.path + "/configuration.nix") ];
  };
  onBoard = board: {
    shimboot.board = lib.mkForce board.name;
    nixpkgs.hostPlatform = lib.mkForce board.arch;
  };
  # Nothing is built: any file will do for the reference board's.
  files = {
    shimboot.shim = ./systems.nix;
    shimboot.recovery = ./systems.nix;
  };
  ofBoards = lib.concatMapAttrs (
    name: board:
    lib.mapAttrs' (
      profile: modules:
      lib.nameValuePair "${name}, ${profile}" (
        look { } name (modules ++ [ (onBoard board) ] ++ lib.optional (board.shim == null) files)
      )
    ) profiles
  ) boards;

  ofUsers = lib.mapAttrs' (
    name: case:
    lib.nameValuePair "with ${name}" (
      look case "nissa" [
        case.module
        { system.stateVersion = lib.mkDefault lib.trivial.release; }
      ]
    )
  ) (import ./configurations.nix { inherit lib; });

  # What the flake itself has: a set in one piece, or where each of them is a whole
  # system, one by one.
  derivations = list: {
    want = null;
    warned = null;
    refused = [ ];
    fits = true;
    warnings = [ ];
    derivations = map (value: value.drvPath) list;
  };
  system = "x86_64-linux";
  isSystem = name: _: builtins.match "(image|systemd)-.*|shimboot-image|default" name != null;
  ofFlake =
    lib.mapAttrs' (name: value: lib.nameValuePair "output ${name}" (derivations [ value ])) (
      lib.filterAttrs isSystem outputs.packages.${system}
    )
    // {
      "outputs packages" = derivations (
        builtins.attrValues (lib.filterAttrs (name: value: !isSystem name value) outputs.packages.${system})
      );
      "outputs checks" = derivations (builtins.attrValues outputs.checks.${system});
      "outputs devShells, formatter" = derivations (
        builtins.attrValues outputs.devShells.${system} ++ builtins.attrValues outputs.formatter
      );
      "outputs legacyPackages" = derivations (builtins.attrValues outputs.legacyPackages.${system}.slow);
      "outputs apps, nixosModules, templates" = derivations [ ] // {
        refused = import ./forms.nix { inherit lib outputs system; };
      };
    };
in
rec {
  systems = ofFlake // ofBoards // ofUsers;
  names = builtins.attrNames systems;
}
