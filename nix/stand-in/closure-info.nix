# nixpkgs' closureInfo: the store paths that some refer to, and what `nix-store
# --load-db` wants to know of them.
{ jq, runCommand }:
{ rootPaths }:
let
  # Nix writes down a closure with its hashes only for a builder that takes its
  # attributes as JSON; that one has no variables.
  graph = derivation {
    name = "closure.json";
    system = "x86_64-linux";
    builder = "/bin/sh";
    __structuredAttrs = true;
    exportReferencesGraph.closure = rootPaths;
    args = [
      "-euc"
      "${jq}/bin/jq .closure .attrs.json >${placeholder "out"}"
    ];
  };
in
runCommand "closure-info" { inherit graph; nativeBuildInputs = [ jq ]; } ''
  mkdir "$out"
  jq -r '.[].path' "$graph" >"$out/store-paths"
  jq -r 'map([.path, .narHash, .narSize, "", (.references | length)] + .references) | add[]' "$graph" >"$out/registration"
''
