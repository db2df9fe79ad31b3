# Looking up boards, as a check whose work is done when it is evaluated.
{
  lib,
  runCommand,
  boards,
}:
let
  found = {
    "dedede" = "dedede";
    "DEDEDE" = "dedede";
    "drawman" = "dedede";
    "HP Chromebook 14 G7" = "dedede";
    "hp chromebook 14-g7" = "dedede";
    "Samsung Chromebook 4" = "octopus";
    "Samsung Chromebook 4+" = "octopus";
    "cm14 flip" = "corsola";
    "hp 14 g7" = "dedede";
    "hana" = "hana";
  };
  refused = [
    # Several boards.
    "Acer Chromebook 311"
    "dedide"
    "reef"
    ""
  ];
  wrong =
    lib.filterAttrs (name: board: (boards.boardFor name).name != board) found;
  accepted = builtins.filter (name: (builtins.tryEval (boards.boardFor name).name).success) refused;

  # Hashes have the form of hashes, where there are any.
  sri = hash: builtins.match "sha256-[A-Za-z0-9+/]{43}=" hash != null;
  hex = line: builtins.match "[0-9a-f]{64}" line != null;
  lines = file: builtins.filter (line: builtins.isString line && line != "") (builtins.split "\n" (builtins.readFile file));
  malformed = lib.filterAttrs (
    _: board:
    board.shim != null
    && !(
      sri board.shim.hash
      && (board.recovery == null || sri board.recovery.hash)
      && (board.shim.chunks == null || (builtins.all hex (lines board.shim.chunks) && lines board.shim.chunks != [ ]))
    )
  ) boards.boards;
in
assert wrong == { };
assert accepted == [ ];
assert malformed == { };
# 257 runs on everything, 260 from 5.10 on.
assert (boards.systemdFor null).max == 257;
assert (boards.systemdFor "4.19.84").max == 257;
assert (boards.systemdFor "5.4.85").max == 259;
assert (boards.systemdFor "5.10").max == null;
runCommand "boards-are-found" { } ''touch "$out"''
