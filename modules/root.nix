# The root on the stick, and swap.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  path = lib.makeBinPath (map (name: pkgs.${name}) (import ./programs.nix).scripts.link-root);
in
{
  config = {
    # Before systemd at the start, and at each switch. The bootloader has mounted
    # the root long before: this is the name for who asks what it was.
    system.activationScripts.shimboot-root = lib.stringAfter [ "specialfs" ] ''
      PATH=${path} first_boot=${./first-boot} ${pkgs.runtimeShell} ${./link-root.sh}
    '';

    fileSystems."/" = {
      device = lib.mkDefault "/dev/shimboot-root";
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
        assertion = builtins.elem config.fileSystems."/".fsType [
          "ext4"
          "auto"
        ];
        message = ''
          The bootloader mounts roots of ext4 only, and the image has one. Remove fileSystems."/".fsType.
        '';
      }
    ];
  };
}
