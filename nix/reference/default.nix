# The reference board: a shim and a recovery image made from free parts, as like
# a Chromebook's as they can be. Images of the board are in images.nix.
#
#   shim      shim.bin                     the file's name is shim.image
#   kernels, shims                         those of other times, for tests: as "2016"
#   poorestShim                            for tests: what no kernel has less than
#   agedShims                              those of other Linuxes, for tests: as "5.10"
#   shimToPartition4                       for tests: another command line
#   recovery  chromeos_….bin.zip           its name is recovery.image
#   kernel    bzImage, vmlinux, config, System.map, release, lib/modules
#   link      { initramfs, initramfsCompression, payloadCompression, config }: kernel
#   arm64     image, fit, blob: a kernel of the other kind, to take apart
{ pkgs }:
let
  kernelFrom = arguments: import ./kernel.nix ({ inherit pkgs; } // arguments);
  inherit (kernelFrom { }) objects link;
  initramfs = import ./initramfs { inherit pkgs; };
  # As of other times, for tests; "2020" is the board's.
  variants = import ./variants.nix;
  linked = variant: link (variant // { inherit initramfs; });
  kernels = builtins.mapAttrs (_: linked) (removeAttrs variants [ "poorest" ]);
  kernel = kernels."2020";

  kernelBlob = import ./kernel-blob.nix { inherit pkgs; };
  rootA = import ./root-a.nix { inherit pkgs; };
  disk = import ./disk.nix { inherit pkgs; };

  shimOf =
    kernel:
    import ./shim.nix {
      inherit
        kernel
        kernelBlob
        rootA
        disk
        ;
    };
  shims = builtins.mapAttrs (_: shimOf) kernels;
  shim = shims."2020";
  poorestShim = shimOf (
    linked (variants."2016" // { config = variants."2016".config // variants.poorest.config; })
  );
  # With Linux of other ages.
  agedShims = builtins.mapAttrs (
    version: age:
    shimOf (
      (kernelFrom {
        src = pkgs.linuxSourceOf age.suite version;
        inherit (age) without lines;
      }).link
        { inherit initramfs; }
    )
  ) (import ./ages.nix);
  # One whose kernel leaves its initramfs aside and starts partition 4 by itself, by
  # words of the signed command line.
  shimToPartition4 = import ./shim.nix {
    inherit
      kernel
      kernelBlob
      rootA
      disk
      ;
    cmdline = pkgs.runCommand "cmdline.txt" { } ''
      sed "s/PARTNROFF=1/PARTNROFF=2/; s/$/ rdinit=\\/none/" ${./shim/cmdline.txt} > "$out"
      ! cmp -s ${./shim/cmdline.txt} "$out"
    '';
  };
  recovery = import ./recovery.nix {
    inherit
      pkgs
      kernel
      kernelBlob
      rootA
      disk
      ;
  };
in
{
  arm64 = import ./arm64.nix { inherit pkgs; };
  inherit
    agedShims
    disk
    initramfs
    kernel
    kernelBlob
    kernels
    link
    objects
    poorestShim
    recovery
    rootA
    shim
    shimToPartition4
    shims
    ;
}
