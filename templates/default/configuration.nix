# The stick's image:
#   nix build .#nixosConfigurations.chromebook.config.system.build.shimbootImage
#   nix run shimboot#flash -- /dev/sdX
# Later, on the Chromebook:
#   nixos-rebuild switch --flake .#chromebook
{ pkgs, ... }:
{
  # docs/boards.md of shimboot lists boards and models. Any other board works
  # from its files:
  #   shimboot.shim = ./shim.bin;
  #   shimboot.recovery = ./recovery.bin.zip;
  shimboot.board = "dedede";
  nixpkgs.hostPlatform = "x86_64-linux";

  networking.hostName = "chromebook";
  # Networks that the stick knows from the start:
  #   nix shell shimboot#tools --command gpt-pack put /dev/sdX wifi-credentials.json
  networking.networkmanager.enable = true;

  users.users.me = {
    isNormalUser = true;
    extraGroups = [
      "wheel"
      "networkmanager"
    ];
    # There is no default password. Make a hash of yours: mkpasswd
    initialHashedPassword = "!";
  };

  services.xserver.enable = true;
  services.xserver.desktopManager.xfce.enable = true;
  services.xserver.displayManager.lightdm.enable = true;

  environment.systemPackages = [ pkgs.firefox ];
  system.stateVersion = "25.11";
}
