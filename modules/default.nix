# What a NixOS configuration needs to run on a Chromebook from a stick:
#
#   imports = [ shimboot.nixosModules.default ];
#   shimboot.board = "dedede";
#
# and then config.system.build.shimbootImage is the stick's image.
{
  imports = [
    ./board.nix
    ./console.nix
    ./drivers.nix
    ./first-boot
    ./image.nix
    ./kernel.nix
    ./limits
    ./loader.nix
    ./luks.nix
    ./network.nix
    ./power.nix
    ./root.nix
    ./sandbox.nix
    ./success
    ./systemd.nix
    ./wifi
  ];
}
