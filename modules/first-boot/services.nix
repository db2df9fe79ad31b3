# The services of the first start, as systemd.services has them, but for their
# programs: `path` names packages, and `run FILE` is the command for a script of
# this folder. nix/tests/checks/first-boot has them on a Debian.
{ run }:
let
  hardening = import ../hardening.nix;
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
    # Nix makes itself a mount namespace in which the store can be written, and
    # gives the store to its builders' group.
    serviceConfig =
      early.serviceConfig
      // hardening {
        capabilities = [
          "CAP_CHOWN"
          "CAP_DAC_OVERRIDE"
          "CAP_FOWNER"
          "CAP_SYS_ADMIN"
        ];
        calls = [ "@mount" ];
        namespaces = "mnt";
      }
      // {
        DevicePolicy = "closed";
      };
    script = run "register.sh";
  };

  shimboot-grow = early // {
    description = "Grow the root to the stick";
    before = [ "shutdown.target" ];
    # Nothing waits for it.
    wantedBy = [ "multi-user.target" ];
    # It writes the disk's table, having read it by sfdisk and jq: as root, since the
    # same table is written the moment after, with no network and no more than this:
    # it tells the kernel (SYS_ADMIN), and has the file
    # system (SYS_RESOURCE) and what it is encrypted in (IPC_LOCK, AF_ALG) follow.
    serviceConfig =
      early.serviceConfig
      // hardening {
        capabilities = [
          "CAP_IPC_LOCK"
          "CAP_SYS_ADMIN"
          "CAP_SYS_RESOURCE"
        ];
        families = "AF_ALG";
      }
      // {
        DevicePolicy = "closed";
        # The last for device-mapper's own.
        DeviceAllow = [
          "block-* rw"
          "char-misc rw"
        ];
      };
    script = run "grow.sh";
  };
}
