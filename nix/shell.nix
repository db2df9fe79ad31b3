# For working on the project: `nix develop`.
{ pkgs }:
if !(pkgs ? mkShell) then
  import ./unavailable.nix "shimboot-shell" "comes from nixpkgs; on Debian nix/stand-in/setup installs all of it"
else
  pkgs.mkShell {
    name = "shimboot-shell";
    packages = [
      pkgs.go
      pkgs.nixfmt-rfc-style
      pkgs.shellcheck
      pkgs.shfmt
      # What the tests compare with.
      pkgs.cpio
      pkgs.dosfstools
      pkgs.e2fsprogs
      pkgs.gptfdisk
      pkgs.jq
      pkgs.libarchive
      pkgs.kmod
      pkgs.mtools
      pkgs.qemu
      pkgs.ubootTools
      pkgs.vboot_reference
      pkgs.xz
      pkgs.zstd
    ];
  }
