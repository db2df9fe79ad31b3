# NixOS for the reference board: the modules of a nixpkgs at a path, ours, and
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
  systemOf =
    modules:
    input.lib.nixosSystem {
      modules = [
        outputs.nixosModules.default
        ./machine.nix
        {
          nixpkgs = { inherit pkgs; };
          shimboot = {
            inherit pipeline;
            inherit (project.reference) shim recovery;
            board = input.lib.mkForce "qemu";
            systemd.package = pkgs.systemd;
          };
        }
      ]
      ++ modules;
    };
  systems = builtins.mapAttrs (_: systemOf) (
    import ./machines.nix {
      inherit outputs;
      inherit (project.reference) oldShim;
    }
  );
  inherit (input) lib;
  imaged = [
    "live"
    "encrypted"
    "headless"
    "old"
    "template"
  ];
in
rec {
  inherit (debian) trees;
  # Ours, of the stand-in's.
  parts = [
    project.packages.tools
  ]
  ++ lib.concatMap (name: with systems.${name}.config.shimboot.build; [ bootloader drivers kernel ]) imaged;
  inherit (project.packages) tools;
  toplevel = builtins.mapAttrs (_: system: system.config.system.build.toplevel) systems;
  toplevels = builtins.attrValues toplevel;
  # What the images are made from beside, as modules/image.nix has it.
  closure = lib.genAttrs imaged (name: pkgs.closureInfo { rootPaths = [ toplevel.${name} ]; });
  closures = builtins.attrValues closure;
  # NAME/shimboot-qemu.img of each, and of a Debian, to compare with.
  images = standIn.runCommand "images" { } (
    "mkdir $out\n"
    + lib.concatMapStrings (name: "ln -s ${systems.${name}.config.system.build.shimbootImage} $out/${name}\n") imaged
    + "ln -s ${project.packages.image-qemu} $out/debian\n"
  );
  derivations = map (system: system.drvPath) toplevels;
}
