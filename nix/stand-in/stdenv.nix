# runCommand over /bin/sh: what nixpkgs' stdenv sets up, as far as shell code
# here may rely on it: PATH from nativeBuildInputs, $out, $TMPDIR as the
# working directory, umask 022, a fixed SOURCE_DATE_EPOCH, `set -eu`.
{ lib, base }:
rec {
  runCommand =
    name: env: buildCommand:
    let
      drv = derivation (
        removeAttrs env [
          "meta"
          "passthru"
          "nativeBuildInputs"
        ]
        // {
          inherit name buildCommand;
          system = "x86_64-linux";
          builder = "/bin/sh";
          args = [ ./builder.sh ];
          passAsFile = [ "buildCommand" ] ++ (env.passAsFile or [ ]);
          PATH = lib.makeBinPath ((env.nativeBuildInputs or [ ]) ++ base);
        }
      );
    in
    drv
    // {
      meta = env.meta or { };
    }
    // (env.passthru or { });

  writeTextFile =
    {
      name,
      text,
      executable ? false,
      destination ? "",
    }:
    runCommand name
      {
        inherit text destination;
        mode = if executable then "755" else "644";
        passAsFile = [ "text" ];
      }
      ''
        mkdir -p "$(dirname "$out$destination")"
        cp "$textPath" "$out$destination"
        chmod "$mode" "$out$destination"
      '';
  writeText = name: text: writeTextFile { inherit name text; };

  # A file that cannot be fetched by a derivation: it has to be in the store
  # already, under its hash (nix-store --add-fixed sha256 FILE).
  requireFile =
    {
      name,
      sha256,
      message,
    }:
    runCommand name {
      outputHashMode = "flat";
      outputHashAlgo = "sha256";
      outputHash = sha256;
      inherit message;
      preferLocalBuild = true;
    } ''echo "$message" >&2; exit 1'';
}
