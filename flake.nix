{
  description = "shimboot: NixOS for Chromebooks, from a USB stick";

  inputs = {
    # What the tools and the steps are built with.
    nixpkgs.url = "github:NixOS/nixpkgs/8eeec934ae0dbeca3d7868c059568a65c08b2fc3";

    # What systems are made of: a board takes the newest whose systemd its
    # kernel can run (nix/boards/kernels.nix). From 5.10, from 5.4, before.
    nixpkgs-systemd-260.url = "github:NixOS/nixpkgs/nixos-26.05";
    nixpkgs-systemd-258.url = "github:NixOS/nixpkgs/nixos-25.11";
    nixpkgs-systemd-257.url = "github:NixOS/nixpkgs/d3736636ac39ed678e557977b65d620ca75142d0";
  };

  # No nixConfig: a binary cache is for you to trust, see docs/nixos.md.

  outputs =
    { self, nixpkgs, ... }@inputs:
    let
      system = "x86_64-linux";

      # Everything works with any package set of nixpkgs' interface, such as the
      # stand-in of nix/stand-in. Shims and recovery images are not free; these
      # names are, and nothing else.
      projectFor =
        system:
        import ./nix {
          pkgs = import nixpkgs {
            inherit system;
            config.allowUnfreePredicate = package: builtins.elem (package.name or "") nixos.unfreeNames;
          };
        };
      project = projectFor system;
      boards = import ./nix/boards { inherit (nixpkgs) lib; };
      nixos = import ./nix/nixos.nix {
        pins = inputs;
        inherit projectFor;
        inherit (nixpkgs) lib;
      };
      packages = nixos.packages // project.packages;
      apps = project.apps // {
        boot = project.bootApp packages.shimboot-image;
      };
    in
    {
      packages.${system} = packages;
      inherit (project) formatter;
      checks.${system} = project.checks;
      devShells.${system} = project.devShells;

      apps.${system} = builtins.mapAttrs (name: app: {
        type = "app";
        program = "${app}/bin/shimboot-${name}";
      }) apps;

      nixosModules = {
        default = nixos.module;
        headless = ./modules/profiles/headless.nix;
        live = ./modules/profiles/live.nix;
      };

      templates.default = {
        path = ./templates/default;
        description = "NixOS on a Chromebook, from a stick of your own";
      };

      lib = {
        inherit (boards) boards boardFor;
        inherit (nixos) mkImage mkSystem unfreeNames;
        # Images whose root is not NixOS: see README.md.
        inherit (project) mkBoard;
        patchSystemd = (import ./nix/packages/systemd { inherit (nixpkgs) lib; }).patch;
      };

      # nix build .#slow.NAME; no part of nix flake check.
      legacyPackages.${system}.slow = project.slowChecks;

      # For nix/tests/run and `make docs`: names, one a line; a page.
      checkNames = builtins.concatStringsSep "\n" (builtins.attrNames project.checks);
      slowCheckNames = builtins.concatStringsSep "\n" (builtins.attrNames project.slowChecks);
      boardTable = boards.table;
      kernelTable = import ./modules/limits/page.nix { inherit (nixpkgs) lib; };
    };
}
