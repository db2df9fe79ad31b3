# The service that ends frecon, as first-boot/services.nix has its own, before
# `units` draw. It takes a mount away that all see, and ends what root started.
{ units }:
{
  description = "Take the screen from frecon";
  wantedBy = units;
  # A template has no name to wait for: console.nix tells its instances.
  before = builtins.filter (unit: builtins.match ".*@[.].*" unit == null) units;
  serviceConfig = {
    Type = "oneshot";
    RemainAfterExit = true;
    DevicePolicy = "closed";
  }
  // import ./hardening.nix {
    capabilities = [
      "CAP_KILL"
      "CAP_SYS_ADMIN"
    ];
    calls = [ "@mount" ];
  };
  # The bootloader bound frecon's terminal over /dev/console.
  script = ''
    if mountpoint -q /dev/console; then umount -l /dev/console; fi
    pkill -x 'frecon(-lite)?' || [ $? -eq 1 ]
  '';
}
