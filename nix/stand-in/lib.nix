# The functions of nixpkgs' lib that this project calls, with the same names
# and results.
let
  inherit (builtins)
    attrNames
    concatStringsSep
    filter
    listToAttrs
    map
    replaceStrings
    toString
    ;
in
rec {
  nameValuePair = name: value: { inherit name value; };
  filterAttrs =
    pred: attrs:
    listToAttrs (map (n: nameValuePair n attrs.${n}) (filter (n: pred n attrs.${n}) (attrNames attrs)));

  mapAttrsToList = f: attrs: map (n: f n attrs.${n}) (attrNames attrs);

  getBin = package: package.bin or package;

  optional = cond: x: if cond then [ x ] else [ ];
  optionalAttrs = cond: attrs: if cond then attrs else { };
  optionalString = cond: s: if cond then s else "";
  concatMapStringsSep =
    sep: f: xs:
    concatStringsSep sep (map f xs);

  stringToCharacters =
    s: builtins.genList (i: builtins.substring i 1 s) (builtins.stringLength s);
  toLower = replaceStrings (stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (
    stringToCharacters "abcdefghijklmnopqrstuvwxyz"
  );
  unique = builtins.foldl' (seen: x: if builtins.elem x seen then seen else seen ++ [ x ]) [ ];
  findFirst =
    pred: default: xs:
    let
      found = filter pred xs;
    in
    if found == [ ] then default else builtins.head found;
  zipListsWith =
    f: xs: ys:
    let
      least = if builtins.length xs < builtins.length ys then builtins.length xs else builtins.length ys;
    in
    builtins.genList (i: f (builtins.elemAt xs i) (builtins.elemAt ys i)) least;

  hasPrefix = prefix: s: builtins.substring 0 (builtins.stringLength prefix) s == prefix;
  hasInfix = infix: s: builtins.length (builtins.split (escapeRegex infix) s) > 1;
  hasSuffix =
    suffix: s:
    let
      rest = builtins.stringLength s - builtins.stringLength suffix;
    in
    rest >= 0 && builtins.substring rest (-1) s == suffix;
  fileContents = file: removeSuffix "\n" (builtins.readFile file);

  removeSuffix =
    suffix: s:
    if hasSuffix suffix s then
      builtins.substring 0 (builtins.stringLength s - builtins.stringLength suffix) s
    else
      s;
  escapeRegex =
    let
      special = stringToCharacters "\\[{()^$?*+|.";
    in
    replaceStrings special (map (c: "\\" + c) special);
  take = count: xs: builtins.genList (builtins.elemAt xs) (if count < builtins.length xs then count else builtins.length xs);

  # The least number of insertions, deletions and substitutions from a to b:
  # one row of the usual table a character of a.
  strings.levenshtein =
    a: b:
    let
      min = x: y: if x < y then x else y;
      bs = stringToCharacters b;
      next =
        row: c:
        builtins.foldl' (
          done: i:
          done
          ++ [
            (min (min (builtins.elemAt row (i + 1) + 1) (builtins.elemAt done i + 1)) (
              builtins.elemAt row i + (if builtins.elemAt bs i == c then 0 else 1)
            ))
          ]
        ) [ (builtins.head row + 1) ] (builtins.genList (i: i) (builtins.length bs));
      last = builtins.foldl' next (builtins.genList (i: i) (builtins.length bs + 1)) (stringToCharacters a);
    in
    builtins.elemAt last (builtins.length bs);

  escapeShellArg = s: "'${replaceStrings [ "'" ] [ "'\\''" ] (toString s)}'";
  makeBinPath = concatMapStringsSep ":" (p: "${p}/bin");

  importJSON = path: builtins.fromJSON (builtins.readFile path);

  # A store copy of some files of a directory, so that an unrelated change
  # next to them rebuilds nothing.
  sourceByRegex =
    src: regexes:
    builtins.path {
      path = src;
      name = "source";
      filter =
        path: _:
        let
          relative = builtins.substring (builtins.stringLength (toString src) + 1) (-1) (toString path);
        in
        builtins.any (re: builtins.match re relative != null) regexes;
    };
}
