# The service that ends frecon, as first-boot/services.nix has its own, before
# `units` draw. It takes a mount away that all see, and ends what root started.
{
  units,
  # Those of them that are templates, which have no name to wait for: console.nix
  # tells their instances to.
  templates ? [ ],
}:
{
  description = "Take the screen from frecon";
  wantedBy = units;
  before = builtins.filter (unit: !builtins.elem unit templates) units;
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
