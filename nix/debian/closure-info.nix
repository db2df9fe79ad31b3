# closureInfo { rootPaths = [ … ]; }: what Nix knows of these paths and all that
# they refer to. $out/store-paths has them one a line, $out/registration is for
# nix-store --load-db.
{
  lib,
  base,
  jq,
}:
{ rootPaths }:
derivation {
  name = "closure-info";
  system = "x86_64-linux";
  builder = "/bin/sh";
  args = [
    ./closure-info.sh
    (lib.makeBinPath ([ jq ] ++ base))
    (builtins.placeholder "out")
  ];
  __structuredAttrs = true;
  exportReferencesGraph.closure = rootPaths;
}
