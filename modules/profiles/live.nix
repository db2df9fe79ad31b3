# What image-BOARD is made from: a system to look around in and to install a
# configuration from. As on NixOS' own installer, the user "nixos" is logged in
# at the machine and may become root; there is no way in over the network.
{ config, lib, pkgs, ... }:
{
  config = {
    networking.hostName = lib.mkDefault "shimboot";
    networking.networkmanager.enable = true;
    users.users.nixos = {
      isNormalUser = true;
      extraGroups = [
        "wheel"
        "networkmanager"
        "video"
      ];
    };
    services.getty.autologinUser = "nixos";
    security.sudo.wheelNeedsPassword = false;
    nix.settings.experimental-features = [
      "nix-command"
      "flakes"
    ];
    environment.systemPackages = [
      pkgs.gitMinimal
      pkgs.pciutils
      pkgs.usbutils
    ];
    system.stateVersion = config.system.nixos.release;
  };
}
