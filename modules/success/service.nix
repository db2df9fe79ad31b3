# The service that reports a successful start, as ../first-boot/services.nix has
# its own. `units` have to be up before.
{ units }:
{
  description = "Tell the bootloader that the system is up";
  wantedBy = [ "multi-user.target" ];
  after = [ "multi-user.target" ] ++ units;
  requires = units;
  unitConfig.ConditionPathExists = "/run/shimboot/shimboot/boot-success";
  restartIfChanged = false;
  # It mounts STATE for a moment, and reads counts that anybody may have written
  # there: as root, since it writes them again in the same moment, with one
  # capability. What it takes of a line is digits and a GUID's letters.
  serviceConfig = {
    Type = "oneshot";
    RemainAfterExit = true;
    ExecStart = "/run/shimboot/shimboot/boot-success";
    DevicePolicy = "closed";
    DeviceAllow = "block-* rw";
  }
  // import ../hardening.nix {
    capabilities = [ "CAP_SYS_ADMIN" ];
    calls = [ "@mount" ];
  };
}
