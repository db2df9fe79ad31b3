{
  description = "NixOS on a Chromebook";

  inputs.shimboot.url = "github:OWNER/shimboot"; # where you got it from
  # The nixpkgs whose systemd the board's kernel can run; docs/boards.md of
  # shimboot has the kernel, and a wrong choice is refused:
  # 5.10 and later: nixpkgs-systemd-260, from 5.4: -258, older: -257.
  inputs.nixpkgs.follows = "shimboot/nixpkgs-systemd-258";

  outputs =
    { nixpkgs, shimboot, ... }:
    {
      nixosConfigurations.chromebook = nixpkgs.lib.nixosSystem {
        modules = [
          shimboot.nixosModules.default
          ./configuration.nix
        ];
      };
    };
}
