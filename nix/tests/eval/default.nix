# Evaluates every module for every board, over stubs of NixOS' options, and
# tries what has to be refused. `make eval NIXPKGS_LIB=DIR` runs it.
#
# The result: { passed = [ NAME… ]; failed = [ { name, why }… ]; }
{ lib }:
let
  system = import ./system.nix { inherit lib; };
  inherit (import ../../boards { inherit lib; }) boards;

  # The systemd of the nixpkgs that a board takes.
  versions = {
    nixpkgs-systemd-257 = "257.9";
    nixpkgs-systemd-258 = "258.7";
    nixpkgs-systemd-260 = "260.2";
  };
  forBoard =
    name: modules:
    system {
      modules = modules ++ [ { shimboot.board = name; } ];
      platform = boards.${name}.arch;
      systemd = versions.${boards.${name}.systemd.pin};
    };

  # A test is a name and null, or why it failed. Everything in it is forced.
  test = name: why: {
    inherit name;
    why =
      let
        result = builtins.tryEval (builtins.deepSeq why why);
      in
      if result.success then result.value else "does not evaluate (evaluate it alone to see why)";
  };
  is = want: found: if found == want then null else "found ${builtins.toJSON found}, want ${builtins.toJSON want}";

  arguments = {
    inherit
      lib
      boards
      system
      forBoard
      test
      is
      ;
  };
  tests = import ./boards.nix arguments ++ import ./refused.nix arguments ++ import ./limits.nix arguments ++ import ./values.nix arguments;
  grouped = builtins.partition (t: t.why == null) tests;
in
{
  passed = map (t: t.name) grouped.right;
  failed = grouped.wrong;
}
