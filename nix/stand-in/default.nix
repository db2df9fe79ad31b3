# The stand-in's package set. Names and interfaces are nixpkgs'; each entry is
# a package that the derivations under nix/ take as an argument.
{
  system ? "x86_64-linux",
  # Nothing here has a licence that it would have to allow.
  config ? { },
}:
let
  lib = import ./lib.nix;
  lock =
    if builtins.pathExists ./lock/host.json then
      lib.importJSON ./lock/host.json
    else
      throw "nix/stand-in/lock is missing: run nix/stand-in/setup, which installs Debian's packages and writes down their versions";

  # What nix/debian-root/fetch wrote down.
  fetched =
    name: arguments:
    if builtins.pathExists ./lock/${name}.json then
      lib.importJSON ./lock/${name}.json
    else
      throw "nix/stand-in/lock/${name}.json is missing: run nix/debian-root/fetch ${arguments}";

  debian = import ./host.nix { inherit lock; };
  base = import ./base.nix { inherit debian; };
  stdenv = import ./stdenv.nix { inherit lib base; };
  go = import ./go.nix {
    inherit lib;
    inherit (stdenv) runCommand;
  };
  packages = {
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
    lz4 = debian "lz4" [ "lz4" "lz4c" ];
    lzop = debian "lzop" [ "lzop" ];
    perl = debian "perl" [ "perl" ];
    pkgsCross.aarch64-multiplatform.buildPackages = {
      gcc = debian "gcc-aarch64-linux-gnu" [ "aarch64-linux-gnu-gcc" ] // { targetPrefix = "aarch64-linux-gnu-"; };
      binutils = debian "binutils-aarch64-linux-gnu" (
        map (name: "aarch64-linux-gnu-${name}") [ "ar" "as" "ld" "nm" "objcopy" "objdump" "ranlib" "readelf" "size" "strip" ]
      );
    };
    linux_6_1.src = stdenv.runCommand "linux-source-6.1.tar.xz" { version = lock."linux-source-6.1"; } ''
      ln -s /usr/src/linux-source-6.1.tar.xz "$out"
    '';

    closureInfo = import ./closure-info.nix { inherit (packages) jq; inherit (stdenv) runCommand; };

    # Programs that the tools call, or that judge what they wrote.
    pkgsStatic = {
      busybox = debian "busybox-static" [ "busybox" ];
      cryptsetup = import ./cryptsetup.nix { inherit debian; inherit (stdenv) runCommand; };
      e2fsprogs = stdenv.runCommand "e2fsprogs-static" { package = debian "e2fsck-static" [ "e2fsck.static" ]; } ''
        mkdir -p "$out/bin"
        cp -L "$package/bin/e2fsck.static" "$out/bin/e2fsck"
      '';
    };
    bubblewrap = debian "bubblewrap" [ "bwrap" ];
    cpio = debian "cpio" [ "cpio" ];
    curl = debian "curl" [ "curl" ];
    dosfstools = debian "dosfstools" [ "mkfs.fat" "fsck.fat" ];
    dpkg = debian "dpkg" [ "dpkg-deb" ];
    dtc = debian "device-tree-compiler" [ "dtc" "fdtget" ];
    e2fsprogs = debian "e2fsprogs" [ "mke2fs" "e2fsck" "debugfs" "dumpe2fs" "resize2fs" ];
    elfutils = debian "libelf-dev" [ ];
    jq = debian "jq" [ "jq" ];
    gptfdisk = debian "gdisk" [ "sgdisk" ];
    kmod = debian "kmod" [ "kmod" "depmod" "modinfo" "modprobe" ];
    libarchive = debian "libarchive-tools" [ "bsdtar" ];
    mtools = debian "mtools" [ "mtools" "mcopy" "mdel" "mdir" "mmd" "mtype" ];
    python3 = debian "python3" [ "python3" ];
    qemu = debian "qemu-system-x86" [ "qemu-system-x86_64" ];
    util-linux = debian "fdisk" [ "sfdisk" ];
    ubootTools = debian "u-boot-tools" [ "mkimage" "dumpimage" ];
    zip = debian "zip" [ "zip" ];
    zstd = debian "zstd" [ "zstd" ];

    # What nix/debian-root is made of, in nixpkgs' place alone: the packages of a
    # suite of Debian, as nix/debian-root/fetch wrote them down.
    debianPackagesOf = suite: fetched suite "--suite ${suite}";

    # Linux' source of another release, for nix/reference/ages.nix: a tar archive.
    linuxSourceOf =
      suite: version:
      let
        arguments = "--suite ${suite} --linux ${version}";
        deb = import ../debian-root/stored.nix {
          inherit (packages) requireFile;
          command = "nix/debian-root/fetch --update ${arguments}";
        } (builtins.head (fetched "linux-${version}" arguments).packages);
      in
      stdenv.runCommand "linux-source-${version}.tar.xz" { nativeBuildInputs = [ packages.dpkg ]; } ''
        dpkg-deb --fsys-tarfile ${deb} | tar -xO ./usr/src/linux-source-${version}.tar.xz > "$out"
      '';

    # nixpkgs has one package of vboot's programs and developer keys.
    vboot_reference = import ./vboot.nix { inherit debian; inherit (stdenv) runCommand; };

    # Calls a function of a file with the packages that it names. As nixpkgs' own,
    # it adds two names to an attribute set, also where that is no package.
    callPackage =
      file: extra:
      let
        function = import file;
        result = function (builtins.intersectAttrs (builtins.functionArgs function) (packages // extra) // extra);
      in
      if !builtins.isAttrs result then
        result
      else
        result
        // {
          override = change: packages.callPackage file (extra // change);
          overrideDerivation = throw "the stand-in's callPackage has no overrideDerivation";
        };
  };
in
if system == "x86_64-linux" then packages else throw "nix/stand-in is for x86_64-linux only, not ${system}"
