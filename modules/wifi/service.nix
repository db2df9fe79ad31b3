# The service that imports networks, as ../first-boot/services.nix has its own:
# `run FILE` is the command for a script of this folder, `firstBoot` the folder
# with stick.sh.
{ run, firstBoot }:
{
  description = "Wi-Fi networks from the STATE partition";
  wantedBy = [ "multi-user.target" ];
  before = [ "NetworkManager.service" ];
  after = [ "local-fs.target" ];
  environment.first_boot = firstBoot;
  restartIfChanged = false;
  # It mounts STATE (SYS_ADMIN), and reads what is on it as nobody (SETUID, SETGID,
  # SETPCAP). A start without networks is a start: so this one has a mount
  # namespace, in which STATE is mounted for it alone.
  serviceConfig = {
    Type = "oneshot";
    RemainAfterExit = true;
    # NetworkManager waits for it.
    TimeoutStartSec = 120;
    UMask = "0077";
    DevicePolicy = "closed";
    DeviceAllow = "block-* r";
    PrivateMounts = true;
    PrivateNetwork = true;
    PrivateTmp = true;
    ProcSubset = "pid";
    ProtectClock = true;
    ProtectControlGroups = true;
    ProtectHome = true;
    ProtectHostname = true;
    ProtectKernelLogs = true;
    ProtectKernelModules = true;
    ProtectKernelTunables = true;
    ProtectProc = "invisible";
    ProtectSystem = "strict";
    ReadWritePaths = "/run";
  }
  // import ../hardening.nix {
    capabilities = [
      "CAP_SETGID"
      "CAP_SETPCAP"
      "CAP_SETUID"
      "CAP_SYS_ADMIN"
    ];
    calls = [ "@mount" ];
  };
  script = "${run "from-state.sh"} /run/NetworkManager/system-connections";
}
