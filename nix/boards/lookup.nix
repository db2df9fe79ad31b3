# boardFor NAME: the board behind what people know their Chromebook by, which
# is its board's name, its model's code name ("drawman") or what stands on the
# box ("HP Chromebook 14 G7"). Case, blanks and punctuation do not matter, and
# some words of a name ("hp 14 g7") will do when they lead to one board.
{ lib, boards }:
let
  # "HP Chromebook 14 G7" -> "hpchromebook14g7"
  plain =
    name:
    builtins.concatStringsSep "" (
      builtins.filter (c: builtins.match "[a-z0-9+]" c != null) (lib.stringToCharacters (lib.toLower name))
    );

  # Shims that check their root: nothing that is put beside their kernel runs.
  verifying = [
    "pyro"
    "reef"
    "sand"
  ];

  # Every name there is: { board, name, plain }.
  known = builtins.concatMap (
    board:
    map (name: {
      inherit name;
      board = board.name;
      plain = plain name;
    }) (namesOf board)
  ) (builtins.attrValues boards);
  namesOf =
    board: [ board.name ] ++ builtins.attrNames board.models ++ builtins.concatLists (builtins.attrValues board.models);

  unique = builtins.foldl' (seen: x: if builtins.elem x seen then seen else seen ++ [ x ]) [ ];
  boardsOf = entries: unique (map (e: e.board) entries);
  describe =
    entries:
    let
      all = unique (map (e: if e.name == e.board then e.board else "${e.name} (${e.board})") entries);
      more = builtins.length all - 8;
    in
    builtins.concatStringsSep ", " (lib.take 8 all) + lib.optionalString (more > 0) " and ${toString more} more";

  nearest =
    wanted:
    let
      distance = e: lib.strings.levenshtein wanted e.plain;
      sorted = builtins.sort (a: b: a.distance < b.distance) (map (e: e // { distance = distance e; }) known);
    in
    lib.take 3 sorted;
in
query:
let
  wanted = plain query;
  exact = builtins.filter (e: e.plain == wanted) known;
  words = builtins.filter (w: builtins.isString w && w != "") (builtins.split "[^a-z0-9+]+" (lib.toLower query));
  partial = builtins.filter (e: words != [ ] && builtins.all (word: lib.hasInfix word e.plain) words) known;
  # A board's own name wins over a product that is called alike.
  own = builtins.filter (e: e.plain == wanted && e.name == e.board) known;
  found = if own != [ ] then own else if exact != [ ] then exact else partial;
  several = boardsOf found;
in
if wanted == "" then
  throw "shimboot: no name of a board or model. The boards are ${builtins.concatStringsSep ", " (builtins.attrNames boards)}."
else if builtins.elem wanted verifying then
  throw "shimboot: the shim of ${wanted} verifies its root file system, so no image for this board can start. Use another Chromebook."
else if builtins.length several == 1 then
  boards.${builtins.head several}
else if several != [ ] then
  throw "shimboot: \"${query}\" is the name of several: ${describe found}. Say which; the name in parentheses is the board's."
else
  throw "shimboot: no board or model \"${query}\". Nearest: ${describe (nearest wanted)}. All boards: ${builtins.concatStringsSep ", " (builtins.attrNames boards)}. Any other works from its files: set shimboot.shim."
