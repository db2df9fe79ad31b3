# A systemd that mounts where ChromeOS' kernels let it, and that is not too new
# for them.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot;
  boards = import ../nix/boards { inherit lib; };
  patched = import ../nix/packages/systemd { inherit lib; };
  limit = (boards.systemdFor cfg.kernelVersion).max;
  version = config.systemd.package.version;
  major = lib.toInt (lib.versions.major version);
in
{
  options.shimboot.systemd.package = lib.mkOption {
    type = lib.types.package;
    default = patched.patch pkgs.systemd;
    defaultText = lib.literalMD "`pkgs.systemd` with nix/packages/systemd/mount-nofollow.patch";
    description = ''
      The systemd to use. Whatever it is, the system's build stops when it lacks the patch, as it could not mount anything.
    '';
    example = lib.literalExpression "shimboot.lib.patchSystemd pkgs.systemd";
  };

  config = {
    systemd.package = cfg.systemd.package;

    # Looks into the program itself, so that any way to another systemd is
    # noticed, an overlay's too.
    system.checks = [
      (pkgs.runCommand "systemd-is-patched" { } ''
        sh ${../nix/packages/systemd/check.sh} ${config.systemd.package}
        touch "$out"
      '')
    ];

    assertions = [
      {
        assertion = limit == null || major <= limit;
        message = ''
          systemd ${version} does not run on the kernel of the board ${cfg.facts.name} (${
            if cfg.kernelVersion == null then "of unknown version" else cfg.kernelVersion
          }): ${toString limit} is the newest that does. Take nixpkgs from the input ${
            (boards.systemdFor cfg.kernelVersion).pin
          } of shimboot's flake${
            lib.optionalString (cfg.kernelVersion == null) ", or set shimboot.kernelVersion to what `kern-unpack info` shows"
          }.
        '';
      }
    ];
  };
}
