# The reference board: a shim and a recovery image made from free parts, as like
# a Chromebook's as they can be. Images of the board are in images.nix.
#
#   shim      shim.bin                     the file's name is shim.image
#   shimWithoutMountRule, shimToPartition4 for tests: other command lines
#   shimOfPoorKernel                       for tests: what old ChromeOS kernels lack
#   recovery  chromeos_….bin.zip           its name is recovery.image
#   kernel    bzImage, vmlinux, config, System.map, release, lib/modules
#   link      { initramfs, initramfsCompression, payloadCompression, options }: kernel
#   arm64     image, fit, blob: a kernel of the other kind, to take apart
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
  # Shims that differ in a word of the signed command line, for tests: one
  # without ChromeOS' rule against symlinks in a mount's target, and one whose
  # kernel leaves its initramfs aside and starts partition 4 by itself.
  shimWith =
    edit:
    import ./shim.nix {
      inherit
        kernel
        kernelBlob
        rootA
        disk
        ;
      cmdline = pkgs.runCommand "cmdline.txt" { inherit edit; } ''
        sed "$edit" ${./shim/cmdline.txt} > "$out"
        ! cmp -s ${./shim/cmdline.txt} "$out"
      '';
    };
  shimWithoutMountRule = shimWith "s/ chromiumos_mounts=1//";
  shimToPartition4 = shimWith "s/PARTNROFF=1/PARTNROFF=2/; s/$/ rdinit=\\/none/";
  shimOfPoorKernel = import ./shim.nix {
    kernel = link {
      inherit initramfs;
      # Of these kernels the older have none, and none has the last two.
      without = [
        "BPF_SYSCALL"
        "BLK_CGROUP"
        "POSIX_MQUEUE"
        "CGROUP_BPF"
        "CGROUP_PIDS"
        "MEMCG"
      ];
    };
    inherit kernelBlob rootA disk;
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
    disk
    initramfs
    kernel
    kernelBlob
    link
    objects
    recovery
    rootA
    shim
    shimOfPoorKernel
    shimToPartition4
    shimWithoutMountRule
    ;
}
