# Fails when the shim's kernel is not the one that the board was described with,
# which the choice of systemd rests on.
{
  lib,
  runCommand,
  jq,
}:
{
  board,
  kernel,
  # "5.4.85", or a beginning of it such as "5.15"; null: not known.
  version,
  # "x86_64-linux"
  system,
}:
runCommand "kernel-check-${board}"
  {
    nativeBuildInputs = [ jq ];
    arch = lib.removeSuffix "-linux" system;
    version = if version == null then "" else version;
    inherit board;
  }
  ''
    found=$(jq -r .kernelRelease ${kernel}/kernel.json)
    foundArch=$(jq -r .arch ${kernel}/kernel.json)
    case $found in
      "$version"* ) ;;
      *)
        echo "$board: the shim's kernel is $found, want $version. Is it another board's shim? Else set" >&2
        echo "shimboot.kernelVersion = \"''${found%%-*}\"; and see that systemd fits (docs/boards.md)." >&2
        exit 2
        ;;
    esac
    if [ "$foundArch" != "$arch" ]; then
      echo "$board: the shim's kernel is for $foundArch, want $arch. Set nixpkgs.hostPlatform = \"$foundArch-linux\";" >&2
      exit 2
    fi
    touch "$out"
  ''
