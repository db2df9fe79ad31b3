# The initramfs of the reference board's shim: its own scripts, Debian's static
# busybox, and the real cgpt with the libraries it is linked with, as a cpio.
{ pkgs }:
let
  # Builds on its own, without the kernel: it is one C file.
  gen_init_cpio =
    pkgs.runCommand "gen_init_cpio"
      {
        nativeBuildInputs = [
          pkgs.gcc
          pkgs.binutils
        ];
      }
      ''
        tar -xf ${pkgs.linux_6_1.src} --wildcards --strip-components=2 '*/usr/gen_init_cpio.c'
        mkdir -p "$out/bin"
        gcc -O2 -o "$out/bin/gen_init_cpio" gen_init_cpio.c
      '';
in
pkgs.runCommand "initramfs.cpio"
  {
    nativeBuildInputs = [
      pkgs.binutils
      pkgs.cpio
      gen_init_cpio
    ];
    busybox = pkgs.pkgsStatic.busybox;
    cgpt = pkgs.vboot_reference;
  }
  ''
    files=${./.}
    . ${./list.sh} > list
    gen_init_cpio -t "$SOURCE_DATE_EPOCH" list > "$out"
    cpio -t --quiet < "$out" > names
    [ "$(sort names | uniq -d)" = "" ] || { echo "initramfs: names twice" >&2; exit 1; }
  ''
