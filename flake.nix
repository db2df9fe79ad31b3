{
  description = "shimboot: NixOS for Chromebooks, from a USB stick";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      system = "x86_64-linux";
      # Everything below works with any package set of nixpkgs' interface, such
      # as the stand-in: --override-input nixpkgs path:./nix/debian
      shimboot = import ./nix { pkgs = nixpkgs.legacyPackages.${system}; };
    in
    {
      packages.${system} = shimboot.packages;
      checks.${system} = shimboot.checks;
      formatter = shimboot.formatter;
      apps.${system}.boot = {
        type = "app";
        program = "${shimboot.bootApp}/bin/shimboot-boot";
      };
      lib = shimboot.lib;
      # nix build .#slow.NAME; no part of nix flake check.
      legacyPackages.${system}.slow = shimboot.slowChecks;
      # For nix/tests/run: one name a line.
      checkNames = builtins.concatStringsSep "\n" (builtins.attrNames shimboot.checks);
      slowCheckNames = builtins.concatStringsSep "\n" (builtins.attrNames shimboot.slowChecks);
      nixosModules.default = ./modules;
    };
}
