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

  getBin = package: package.bin or package;

  optional = cond: x: if cond then [ x ] else [ ];
  optionalString = cond: s: if cond then s else "";
  concatMapStringsSep =
    sep: f: xs:
    concatStringsSep sep (map f xs);

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
