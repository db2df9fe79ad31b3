# What the shim's kernel has and refuses, and what follows from that for NixOS'
# options: the defaults, refusals and warnings of all that not every kernel can do.
{
  config,
  lib,
  options,
  modulesPath,
  ...
}:
let
  inherit (lib) mkDefault mkOption types;
  cfg = config.shimboot;
  branches = import ../../nix/boards/branches.nix { inherit lib; };
  traits = branches.traitsOf (cfg.facts.kernel // { version = cfg.kernelVersion; });

  traitsOption =
    text: example:
    mkOption {
      inherit example;
      type = types.attrsOf (types.nullOr types.bool);
      description = ''
        ${text} `null` where it is not known. Set a name where you know better, as `kern-unpack info` shows it of the shim: the build
        compares. docs/kernels.md has the names, what is known of each branch of kernels, and what rests on them.
      '';
      defaultText = lib.literalMD "what docs/kernels.md says of `shimboot.kernelVersion` and of the board";
    };
  misnamed =
    option: known:
    let
      wrong = builtins.filter (name: !known ? ${name}) (builtins.attrNames cfg.${option});
    in
    {
      assertion = wrong == [ ];
      message = "shimboot.${option} has no ${lib.concatStringsSep ", " wrong}. Remove it, or take one of: ${lib.concatStringsSep ", " (builtins.attrNames known)}.";
    };

  # The root's is refused elsewhere.
  asksForFileSystem =
    name:
    builtins.any (fs: fs.fsType == name) (builtins.attrValues (removeAttrs config.fileSystems [ "/" ]))
    || builtins.any (
      { file, value, ... }:
      !lib.hasPrefix (toString modulesPath) (toString file)
      && (if builtins.isList value then builtins.elem name value else value.${name} or false == true)
    ) (options.boot.supportedFilesystems.definitionsWithLocations);

  # A row with what stands against it: lines to set where that is not so.
  judged =
    row:
    let
      reason = option: word: bad: name: {
        found = cfg.${option}.${name};
        inherit bad;
        line = "shimboot.${option}.${name} = ${lib.boolToString (!bad)};";
        text = "${word} ${branches.words.${name}}";
      };
      reasons =
        map (reason "kernelAbilities" "lacks" false) (row.needs or [ ])
        ++ map (reason "kernelAbilities" "has" true) (row.spoiledBy or [ ])
        ++ map (reason "kernelRules" "refuses" true) (row.barredBy or [ ]);
    in
    row
    // {
      certain = builtins.filter (r: r.found == r.bad) reasons;
      possible = builtins.filter (r: r.found == null) reasons;
    };
  rows = import ./rows.nix { inherit lib asksForFileSystem; };
  asked = map judged (builtins.filter (row: row.asked config) rows);
  off = row: lib.mkIf (builtins.any (name: cfg.kernelAbilities.${name} != true) (row.needs or [ ])) (row.off or { });
  message =
    may: row: reasons:
    let
      all = part: word: lib.concatMapStringsSep word (r: r.${part}) reasons;
      it = if builtins.length reasons == 1 then "that is not so" else "none of that is so";
    in
    "${row.option}: the kernel of the board ${cfg.facts.name} ${may}${all "text" ", "}: ${row.effect}. ${row.remedy} (If ${it}, as `kern-unpack info` shows it of the shim, set ${all "line" " "})";
in
{
  options.shimboot = {
    kernelAbilities = traitsOption "What the shim's kernel has." { overlayfs = true; };
    kernelRules = traitsOption "What the shim's kernel refuses that Linux allows." { unsafeMounts = false; };
    kernelExpected = mkOption {
      type = types.raw;
      internal = true;
      readOnly = true;
      default = {
        abilities = cfg.kernelAbilities;
        rules = cfg.kernelRules;
        relied = lib.unique (
          lib.concatMap (row: row.needs or [ ] ++ row.barredBy or [ ]) asked
          ++ lib.optional (cfg.nixSandbox == "on") "unsafeMounts"
        );
      };
      description = "What the build compares the shim's kernel with, and which of that the configuration relies on.";
    };
  };

  config = lib.mkMerge (
    map off rows
    ++ [
      {
        shimboot.kernelAbilities = builtins.mapAttrs (_: mkDefault) traits.abilities;
        shimboot.kernelRules = builtins.mapAttrs (_: mkDefault) traits.rules;

        # Such a kernel panics where a task waits for a slow stick for two minutes.
        boot.kernel.sysctl."kernel.hung_task_panic" = mkDefault 0;

        assertions = [
          (misnamed "kernelAbilities" branches.abilities)
          (misnamed "kernelRules" branches.rules)
        ]
        ++ map (row: {
          assertion = false;
          message = message "" row row.certain;
        }) (builtins.filter (row: row.certain != [ ] && !row.warns or false) asked);

        warnings = map (row: if row.certain != [ ] then message "" row row.certain else message "may be one that " row row.possible) (
          builtins.filter (row: row.certain != [ ] && row.warns or false || row.certain == [ ] && row.possible != [ ]) asked
        );
      }
    ]
  );
}
