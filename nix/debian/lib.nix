# The functions of nixpkgs' lib that this project calls, with the same names
# and results. Anything not listed here is not used outside modules/.
let
  inherit (builtins)
    attrNames
    concatStringsSep
    filter
    isList
    listToAttrs
    map
    replaceStrings
    toString
    ;
in
rec {
  nameValuePair = name: value: { inherit name value; };
  genAttrs = names: f: listToAttrs (map (n: nameValuePair n (f n)) names);
  mapAttrsToList = f: attrs: map (n: f n attrs.${n}) (attrNames attrs);
  mapAttrs' = f: attrs: listToAttrs (mapAttrsToList f attrs);
  filterAttrs =
    pred: attrs:
    listToAttrs (map (n: nameValuePair n attrs.${n}) (filter (n: pred n attrs.${n}) (attrNames attrs)));
  mergeAttrsList = builtins.foldl' (a: b: a // b) { };

  toList = x: if isList x then x else [ x ];
  optional = cond: x: if cond then [ x ] else [ ];
  optionals = cond: xs: if cond then xs else [ ];
  optionalString = cond: s: if cond then s else "";
  concatMapStringsSep =
    sep: f: xs:
    concatStringsSep sep (map f xs);

  escapeShellArg = s: "'${replaceStrings [ "'" ] [ "'\\''" ] (toString s)}'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  makeBinPath = concatMapStringsSep ":" (p: "${p}/bin");

  importJSON = path: builtins.fromJSON (builtins.readFile path);
  hasSuffix =
    suffix: s:
    let
      n = builtins.stringLength suffix;
      len = builtins.stringLength s;
    in
    len >= n && builtins.substring (len - n) n s == suffix;

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
