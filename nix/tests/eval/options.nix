# docs/options.md: the modules' options as NixOS' own manual would show them.
{ lib }:
let
  system = import ./system.nix { inherit lib; };
  inherit (system { modules = [ ../../../modules/profiles/headless.nix ]; }) options;
  all = builtins.filter (option: option.visible && !option.internal && lib.hasPrefix "shimboot." option.name) (
    lib.optionAttrSetToDocList options
  );
  # Literals come as attribute sets that say how they are to be shown.
  shown =
    value:
    if value._type or "" == "literalMD" then
      value.text
    else
      "`${builtins.concatStringsSep " " (builtins.filter (word: word != "") (lib.splitString " " (builtins.replaceStrings [ "\n" ] [ " " ] value.text)))}`";
  plain = builtins.replaceStrings [ "{option}" "{file}" ] [ "" "" ];
  section = option: ''

    ## ${option.name}

    ${lib.trim (plain option.description)}

    - type: ${option.type}
    - default: ${shown option.default}
    - example: ${shown option.example}
  '';
in
''
  # Options

  Made from `modules/` by `make docs`. They stand beside NixOS' own options in a configuration that has `nixosModules.default` in its
  imports (`shimboot.headless` with `nixosModules.headless`).
''
+ lib.concatMapStrings section (builtins.sort (a: b: a.name < b.name) all)
