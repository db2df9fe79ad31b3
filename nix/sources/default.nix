# A board's shim and recovery image as store paths, each one fixed-output
# derivation:
#
#   sources.shim boards.dedede
#   sources.recovery boards.dedede
#
# They are not free: nixpkgs builds them only where its configuration allows
# their names (lib.unfreeNames).
{
  runCommand,
  curl,
  libarchive,
  cacert ? null,
}:
let
  fetch =
    script:
    {
      name,
      hash,
      env,
      description,
      nativeBuildInputs ? [ ],
    }:
    runCommand name
      (
        env
        // {
          nativeBuildInputs = [ curl ] ++ nativeBuildInputs;
          inherit script;
          fetch = ./fetch.sh;
          sha256 = hash;
          outputHashMode = "flat";
          outputHashAlgo = "sha256";
          outputHash = hash;
          preferLocalBuild = true;
          impureEnvVars = [
            "http_proxy"
            "https_proxy"
            "no_proxy"
            "all_proxy"
          ];
          SSL_CERT_FILE =
            if cacert == null then "/etc/ssl/certs/ca-certificates.crt" else "${cacert}/etc/ssl/certs/ca-bundle.crt";
          meta = {
            inherit description;
            license = {
              shortName = "unfree";
              fullName = "Unfree";
              free = false;
              redistributable = false;
            };
          };
        }
      )
      ''
        sh "$script" "$out"
      '';
in
{
  shim =
    board:
    fetch ./shim.sh {
      name = "shim-${board.name}.bin";
      inherit (board.shim) hash;
      description = "RMA shim of the ChromeOS board ${board.name}";
      nativeBuildInputs = [ libarchive ];
      env = {
        board = board.name;
        inherit (board.shim) chunks;
        mirrors = builtins.concatStringsSep "\n" board.shim.mirrors;
      };
    };

  recovery =
    board:
    fetch ./file.sh {
      name = "recovery-${board.name}-${board.recovery.version}.bin.zip";
      inherit (board.recovery) hash;
      description = "Recovery image of the ChromeOS board ${board.name}";
      env.mirrors = board.recovery.url;
    };
}
