# Tells the bootloader that this generation is a good one. It passes over those
# that were started three times and never said so: docs/bootloader.md.
{ config, lib, ... }:
{
  options.shimboot.success.units = lib.mkOption {
    type = lib.types.listOf lib.types.singleLineStr;
    default = [ ];
    description = ''
      What has to have started, beside multi-user.target, before a start counts as a success. When one of them fails, the bootloader
      goes back to the generation before after three starts.
    '';
    example = [ "sshd.service" ];
  };

  config.systemd.services.shimboot-success = import ./service.nix {
    inherit (config.shimboot.success) units;
  };
}
