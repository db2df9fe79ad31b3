# A file that `fetch` put into the Nix store, by what it wrote down of it; and what
# helps where it is gone.
{ requireFile, command }:
{ name, sha256 }:
requireFile {
  inherit name sha256;
  message = "${name} is no longer in the Nix store: run ${command}";
}
