# What the first start does, and what every start may do again: the store's
# database, the size of the root. The machine's id and the host keys of sshd are
# made by systemd and sshd's own units, as no image has any.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.shimboot.firstBoot;
  # One directory, as the scripts read each other.
  scripts = pkgs.runCommand "shimboot-first-boot" { } ''
    mkdir "$out"
    cp ${./stick.sh} "$out/stick.sh"
    cp ${./grow.sh} "$out/grow.sh"
    cp ${./register.sh} "$out/register.sh"
  '';
  early = {
    wantedBy = [ "sysinit.target" ];
    conflicts = [ "shutdown.target" ];
    after = [ "local-fs.target" ];
    unitConfig.DefaultDependencies = false;
    restartIfChanged = false;
    serviceConfig = {
      Type = "oneshot";
      RemainAfterExit = true;
    };
  };
in
{
  options.shimboot.firstBoot.grow = lib.mkOption {
    type = lib.types.bool;
    default = true;
    description = ''
      Whether the root is grown to the size of the stick it is on. This happens at each start at which there is room behind it, so
      also after a copy to a larger stick.
    '';
    example = false;
  };

  config = {
    systemd.services.shimboot-register = early // {
      description = "Register the image's store paths";
      before = [
        "sysinit.target"
        "shutdown.target"
        "nix-daemon.socket"
        "nix-daemon.service"
      ];
      unitConfig = early.unitConfig // {
        ConditionPathExists = "/nix-path-registration";
      };
      path = [ config.nix.package ];
      script = "exec ${pkgs.runtimeShell} ${scripts}/register.sh";
    };

    systemd.services.shimboot-grow = lib.mkIf cfg.grow (
      early
      // {
        description = "Grow the root to the stick";
        before = [ "shutdown.target" ];
        wantedBy = [ "multi-user.target" ];
        path = [
          pkgs.util-linux
          pkgs.e2fsprogs
          pkgs.jq
        ];
        script = "exec ${pkgs.runtimeShell} ${scripts}/grow.sh";
      }
    );
  };
}
