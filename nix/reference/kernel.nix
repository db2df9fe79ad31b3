# The reference board's kernel, in two steps, as the first takes minutes:
#
#   objects   everything compiled, with no initramfs in it, as a tree to go on
#             from; and the modules, which do not depend on the initramfs.
#   link      the same tree linked again with an initramfs in it.
{ pkgs }:
let
  common = import ./kbuild.nix // {
    nativeBuildInputs = [
      pkgs.bc
      pkgs.binutils
      pkgs.bison
      pkgs.elfutils
      pkgs.flex
      pkgs.gcc
      pkgs.lz4
      pkgs.lzop
      pkgs.perl
      pkgs.zstd
    ];
  };

  # make with as many jobs as Nix grants (0: as many as there are processors).
  make = ''
    cores=''${NIX_BUILD_CORES:-0}
    [ "$cores" -gt 0 ] || cores=$(nproc)
    make="make -s -j$cores"
  '';

  objects = pkgs.runCommand "linux-shimboot-qemu-objects" common ''
    ${make}
    # Most of the source is drivers that are never compiled here: leave them
    # packed, and out of the tree that every link has to unpack.
    tar -xf ${pkgs.linux_6_1.src} --exclude-from=${./kernel-unused.txt}
    mv linux-* linux
    cd linux
    patch -p1 < ${./chromiumos-mounts.patch}

    $make KCONFIG_ALLCONFIG=${./kernel.config} allnoconfig
    # Kconfig drops without a word what has lost its dependencies.
    grep '^CONFIG_' ${./kernel.config} | while read -r line; do
      grep -qxF "$line" .config || { echo "kernel.config: not accepted: $line" >&2; exit 1; }
    done

    $make bzImage modules
    $make modules_install INSTALL_MOD_PATH="$out" INSTALL_MOD_STRIP=1 DEPMOD=true
    rm -f "$out"/lib/modules/*/build "$out"/lib/modules/*/source
    $make kernelrelease > "$out/release"

    # One time for all files, so that the archive is the same each time.
    cd ..
    tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - linux |
      zstd -q -3 > "$out/linux.tar.zst"
  '';

  # initramfs: a plain cpio; null for the one that Kbuild makes by itself.
  # Compressions: gzip bzip2 lzma xz lzo lz4 zstd, for the initramfs also none.
  # options: names of further options to build in, such as IKCONFIG.
  # without: names of those to leave out; modules are made anew then.
  link =
    {
      initramfs,
      initramfsCompression ? "xz",
      payloadCompression ? "gzip",
      options ? [ ],
      without ? [ ],
    }:
    pkgs.runCommand "linux-shimboot-qemu" (
      common
      // {
        inherit
          initramfsCompression
          payloadCompression
          options
          without
          ;
        # The archive of headers (IKHEADERS) is made with cpio.
        nativeBuildInputs = common.nativeBuildInputs ++ [ pkgs.cpio ];
        passthru = { inherit objects; };
      }
    ) ''
      ${make}
      zstd -q -dc ${objects}/linux.tar.zst | tar -xf -
      # To make, nothing may be older than what it was made from: the tree's
      # files among each other, and all of them against the system's headers.
      now=$(date +%s)
      find linux -exec touch -h -d "@$now" {} +
      cd linux

      # enable PREFIX VALUE: one of a choice; the others give way to it.
      enable() {
        symbol=CONFIG_$1_$(echo "$2" | tr a-z A-Z)
        sed -i -e "/^CONFIG_$1_[A-Z0-9]*=y$/d" -e "/^# $symbol is not set$/d" .config
        echo "$symbol=y" >> .config
        chosen="''${chosen-} $symbol"
      }
      sed -i '/^CONFIG_INITRAMFS_/d' .config
      enable KERNEL "$payloadCompression"
      ${pkgs.lib.optionalString (initramfs != null) ''
        cp ${initramfs} initramfs.cpio
        echo 'CONFIG_INITRAMFS_SOURCE="initramfs.cpio"' >> .config
        enable INITRAMFS_COMPRESSION "$initramfsCompression"
      ''}
      for option in $options; do
        sed -i "/^# CONFIG_$option is not set$/d" .config
        echo "CONFIG_$option=y" >> .config
        chosen="$chosen CONFIG_$option"
      done
      for option in $without; do sed -i "s/^CONFIG_$option=y$/# CONFIG_$option is not set/" .config; done
      $make olddefconfig
      for option in $without; do
        if grep "^CONFIG_$option=" .config; then exit 1; fi
      done
      for symbol in $chosen; do
        grep -qx "$symbol=y" .config || { echo "the kernel has no $symbol" >&2; exit 1; }
      done

      $make LZMA='xz --format=lzma' bzImage

      mkdir -p "$out"
      cp arch/x86/boot/bzImage System.map "$out"
      cp .config "$out/config"
      # What the payload unpacks to.
      cp arch/x86/boot/compressed/vmlinux.bin "$out/vmlinux"
      cp -r ${objects}/lib ${objects}/release "$out"
      if [ "$without" ]; then
        chmod -R u+w "$out"
        rm -r "$out/lib"
        $make modules
        $make modules_install INSTALL_MOD_PATH="$out" INSTALL_MOD_STRIP=1 DEPMOD=true
        rm -f "$out"/lib/modules/*/build "$out"/lib/modules/*/source
      fi
      chmod -R u+w "$out"
    '';
in
{
  inherit objects link;
}
