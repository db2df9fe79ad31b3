# A NixOS for the reference board: the modules of a nixpkgs at a path, ours, and
# Debian's programs. In the order of building, as each wants another /usr in Nix'
# sandbox: the machine's, trees.build's, the machine's again.
{ nixpkgs }:
let
  standIn = import ../../stand-in { };
  project = import ../.. { pkgs = standIn; };
  debian = import ../../nixos-over-debian {
    pkgs = standIn;
    debianRoot = import ../../call.nix standIn ../../debian-root {
      suite = "trixie";
      packages = standIn.debianPackagesOf "trixie";
    };
    patch = ../../packages/systemd/mount-nofollow.patch;
  };
  pkgs = debian.over nixpkgs;
  inherit (import ./outputs.nix { inherit nixpkgs; }) input outputs;

  # What an image has beside, as Debian's programs look below /usr.
  pipeline = project.pipeline // {
    image = arguments: project.pipeline.image (arguments // { root = arguments.root ++ [ { inherit (debian) links; } ]; });
  };
  system = input.lib.nixosSystem {
    modules = [
      outputs.nixosModules.default
      outputs.nixosModules.live
      ./machine.nix
      {
        nixpkgs = { inherit pkgs; };
        shimboot = {
          inherit pipeline;
          inherit (project.reference) shim recovery;
          board = "qemu";
          systemd.package = pkgs.systemd;
        };
      }
    ];
  };
  inherit (system.config.system.build) toplevel shimbootImage;
in
{
  inherit (debian) trees;
  # Ours, of the stand-in's.
  parts = [
    project.packages.tools
    system.config.shimboot.build.bootloader
    system.config.shimboot.build.drivers
    system.config.shimboot.build.kernel
  ];
  inherit (project.packages) tools;
  inherit toplevel;
  # What the image is made from beside, as modules/image.nix has it.
  closure = pkgs.closureInfo { rootPaths = [ toplevel ]; };
  image = shimbootImage;
}
