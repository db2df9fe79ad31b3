# The reference board: a shim and a recovery image made from free parts, which
# are to a Chromebook's as like as can be (DESIGN 8).
#
#   shim      shim.bin                     the file's name is shim.image
#   shimWithoutMountRule                   its kernel follows symlinks when it mounts
#   recovery  chromeos_….bin.zip           its name is recovery.image
#   kernel    bzImage, vmlinux, config, System.map, release, lib/modules
#   link      { initramfs, initramfsCompression, payloadCompression }: kernel
{ pkgs }:
let
  inherit (import ./kernel.nix { inherit pkgs; }) objects link;
  initramfs = import ./initramfs { inherit pkgs; };
  kernel = link { inherit initramfs; };

  kernelBlob = import ./kernel-blob.nix { inherit pkgs; };
  rootA = import ./root-a.nix { inherit pkgs; };
  disk = import ./disk.nix { inherit pkgs; };

  shim = import ./shim.nix {
    inherit
      kernel
      kernelBlob
      rootA
      disk
      ;
  };
  # The same without ChromeOS' rule against symlinks in a mount's target.
  shimWithoutMountRule = import ./shim.nix {
    inherit
      kernel
      kernelBlob
      rootA
      disk
      ;
    cmdline = pkgs.runCommand "cmdline.txt" { } "sed 's/ chromiumos_mounts=1//' ${./shim/cmdline.txt} > $out";
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
  inherit
    disk
    initramfs
    kernel
    kernelBlob
    link
    objects
    recovery
    rootA
    shim
    shimWithoutMountRule
    ;
}
