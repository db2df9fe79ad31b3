# The services of the first start, as systemd.services has them, but for their
# programs: `path` names packages, and `run FILE` is the command for a script of
# this folder. nix/tests/checks/first-boot has them on a Debian.
{ run }:
let
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
  shimboot-register = early // {
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
    script = run "register.sh";
  };

  shimboot-grow = early // {
    description = "Grow the root to the stick";
    before = [ "shutdown.target" ];
    # Nothing waits for it.
    wantedBy = [ "multi-user.target" ];
    script = run "grow.sh";
  };
}
