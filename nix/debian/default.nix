# The stand-in's package set. Names and interfaces are nixpkgs'; each entry is
# a package that the derivations under nix/ take as an argument.
{ }:
let
  lib = import ./lib.nix;
  lock =
    if builtins.pathExists ./lock/host.json then
      lib.importJSON ./lock/host.json
    else
      throw "nix/debian/lock is missing: run nix/debian/setup, which installs Debian's packages and writes down their versions";

  debian = import ./host.nix { inherit lock; };
  stdenv = import ./stdenv.nix {
    inherit lib;
    base = import ./base.nix { inherit debian; };
  };
  go = import ./go.nix {
    inherit lib;
    inherit (stdenv) runCommand;
  };
in
{
  inherit lib;
  inherit (stdenv)
    runCommand
    writeText
    writeTextFile
    requireFile
    ;
  inherit (go) go buildGoModule;

  # Compilers and what a kernel build wants.
  gcc = debian "gcc" [ "gcc" "cc" "cpp" ];
  binutils = debian "binutils" [ "ar" "as" "ld" "nm" "objcopy" "objdump" "ranlib" "readelf" "size" "strip" ];
  bc = debian "bc" [ "bc" ];
  bison = debian "bison" [ "bison" ];
  flex = debian "flex" [ "flex" ];
  perl = debian "perl" [ "perl" ];
  linux_6_1.src = stdenv.runCommand "linux-source-6.1.tar.xz" { version = lock."linux-source-6.1"; } ''
    ln -s /usr/src/linux-source-6.1.tar.xz "$out"
  '';

  # Programs that the tools call, or that judge what they wrote.
  busybox-static = debian "busybox-static" [ "busybox" ];
  pkgsStatic.busybox = debian "busybox-static" [ "busybox" ];
  cpio = debian "cpio" [ "cpio" ];
  dosfstools = debian "dosfstools" [ "mkfs.fat" "fsck.fat" ];
  e2fsprogs = debian "e2fsprogs" [ "mke2fs" "e2fsck" "debugfs" "dumpe2fs" "resize2fs" ];
  elfutils = debian "libelf-dev" [ ];
  fakeroot = debian "fakeroot" [ "fakeroot" ];
  gptfdisk = debian "gdisk" [ "sgdisk" ];
  jq = debian "jq" [ "jq" ];
  kmod = debian "kmod" [ "kmod" "depmod" "modinfo" "modprobe" ];
  mtools = debian "mtools" [ "mtools" "mcopy" "mdir" "mmd" "mtype" ];
  qemu = debian "qemu-system-x86" [ "qemu-system-x86_64" ];
  shellcheck = debian "shellcheck" [ "shellcheck" ];
  shfmt = debian "shfmt" [ "shfmt" ];
  zip = debian "zip" [ "zip" ];

  # nixpkgs has one package of vboot's programs and developer keys.
  vboot_reference = import ./vboot.nix { inherit debian; inherit (stdenv) runCommand; };
}
