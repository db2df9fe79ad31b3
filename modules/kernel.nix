# The kernel is the shim's and is signed: NixOS builds none, makes no initrd and
# installs no boot loader. What a configuration says about them has no effect;
# the assertions name what they can tell from a default.
{ config, lib, ... }:
{
  config = {
    boot.kernel.enable = lib.mkDefault false;
    boot.initrd.enable = lib.mkDefault false;
    boot.loader.grub.enable = lib.mkDefault false;

    assertions = [
      {
        assertion = !config.boot.kernel.enable && !config.boot.initrd.enable;
        message = ''
          The kernel of a shimboot stick is the Chromebook's signed one, and its initramfs is part of it: a kernel or
          initrd of the configuration would never run. Remove boot.kernel.enable and boot.initrd.enable.
        '';
      }
      {
        assertion = config.boot.kernelPatches == [ ];
        message = "boot.kernelPatches cannot change the Chromebook's signed kernel. Remove them.";
      }
    ];
  };
}
