# What `nix flake check` asks of outputs that are no derivations: a sentence for
# each that is otherwise.
{
  lib,
  outputs,
  system,
}:
let
  wrong =
    output: isRight: what:
    lib.mapAttrsToList (name: _: "${output}.${name} is ${what}") (lib.filterAttrs (_: value: !isRight value) outputs.${output});
  isModule = value: builtins.isFunction value || builtins.isAttrs value || builtins.isPath value;
  isApp = app: app.type or "" == "app" && lib.hasPrefix builtins.storeDir (app.program or "");
  isTemplate =
    template: builtins.pathExists (template.path + "/flake.nix") && builtins.isString template.description;
  known = [
    "apps"
    "checks"
    "devShells"
    "formatter"
    "legacyPackages"
    "lib"
    "nixosModules"
    "packages"
    "templates"
    # Of no meaning to Nix, which says so.
    "boardTable"
    "checkNames"
    "kernelTable"
    "slowCheckNames"
  ];
in
wrong "nixosModules" isModule "no module"
++ wrong "templates" isTemplate "no template"
++ lib.mapAttrsToList (name: _: "apps.${system}.${name} is no app") (
  lib.filterAttrs (_: app: !isApp app) outputs.apps.${system}
)
++ map (name: "an output ${name}, which nobody knows") (lib.subtractLists known (builtins.attrNames outputs))
