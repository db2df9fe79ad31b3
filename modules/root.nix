# The root on the stick, and swap.
{ config, lib, ... }:
let
  cfg = config.shimboot.image;
in
{
  config = {
    fileSystems."/" = {
      device = lib.mkDefault "/dev/disk/by-partlabel/shimboot_rootfs:${cfg.rootName}";
      fsType = lib.mkDefault "ext4";
      # A stick wears out by writing.
      options = [ "noatime" ];
    };

    # lzo is what the oldest kernels have too.
    zramSwap.enable = lib.mkDefault true;
    zramSwap.algorithm = lib.mkDefault "lzo";

    assertions = [
      {
        assertion = config.swapDevices == [ ];
        message = ''
          ChromeOS kernels swap to compressed memory only, and a stick would not live long. Remove swapDevices; zramSwap is on.
        '';
      }
      {
        assertion = config.fileSystems."/".fsType == "ext4";
        message = ''
          The bootloader mounts roots of ext4 only, and the image has one. Remove fileSystems."/".fsType.
        '';
      }
    ];
  };
}
