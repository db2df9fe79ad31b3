# The reference board's kernel, in two steps, as the first takes minutes:
#
#   objects   everything compiled, with no initramfs in it, as a tree to go on
#             from; and the modules, which do not depend on the initramfs.
#   link      the same tree linked again with an initramfs in it.
{
  pkgs,
  # Linux' source, of any age from 5.10 on.
  src ? pkgs.linux_6_1.src,
  # Where it is of another age than kernel.config: symbols that it has not, and
  # lines that it needs beside.
  without ? [ ],
  lines ? [ ],
}:
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

  wanted =
    pkgs.runCommand "kernel.config"
      {
        inherit without;
        lines = builtins.concatStringsSep "\n" lines;
      }
      ''
        cp ${./kernel.config} config
        chmod u+w config
        for symbol in $without; do
          grep -q "^CONFIG_$symbol=" config
          sed -i "/^CONFIG_$symbol=/d" config
        done
        echo "$lines" | cat config - > "$out"
      '';

  objects = pkgs.runCommand "linux-shimboot-qemu-objects" common ''
    ${make}
    # Most of the source is drivers that are never compiled here: leave them
    # packed, and out of the tree that every link has to unpack.
    tar -xf ${src} --exclude-from=${./kernel-unused.txt}
    mv linux-* linux
    cd linux
    sh ${./chromiumos}/install.sh ${./chromiumos}

    $make KCONFIG_ALLCONFIG=${wanted} allnoconfig
    # Kconfig drops without a word what has lost its dependencies.
    grep '^CONFIG_' ${wanted} | while read -r line; do
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
  # config: what differs from kernel.config, such as { IKCONFIG = "y"; WIREGUARD = "n"; }.
  link =
    {
      initramfs,
      initramfsCompression ? "xz",
      payloadCompression ? "gzip",
      config ? { },
    }:
    pkgs.runCommand "linux-shimboot-qemu" (
      common
      // {
        inherit initramfsCompression payloadCompression;
        differing = pkgs.lib.mapAttrsToList (symbol: value: "${symbol}=${value}") config;
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

      # is SYMBOL y|m|n, whatever it was.
      is() {
        sed -i -E "/^(# )?CONFIG_$1[= ]/d" .config
        if [ "$2" = n ]; then
          echo "# CONFIG_$1 is not set" >> .config
        else
          echo "CONFIG_$1=$2" >> .config
        fi
        wanted="''${wanted-} $1=$2"
      }
      # chosen PREFIX VALUE: one of a choice; the others give way to it.
      chosen() {
        sed -i "/^CONFIG_$1_[A-Z0-9]*=y$/d" .config
        is "$1_$2" y
      }
      upper() { echo "$1" | tr a-z A-Z; }
      sed -i '/^CONFIG_INITRAMFS_/d' .config
      chosen KERNEL "$(upper "$payloadCompression")"
      ${pkgs.lib.optionalString (initramfs != null) ''
        cp ${initramfs} initramfs.cpio
        echo 'CONFIG_INITRAMFS_SOURCE="initramfs.cpio"' >> .config
        chosen INITRAMFS_COMPRESSION "$(upper "$initramfsCompression")"
        [ "$initramfsCompression" = none ] || is "RD_$(upper "$initramfsCompression")" y
      ''}
      for one in $differing; do is "''${one%=*}" "''${one#*=}"; done
      $make olddefconfig
      for one in $wanted; do
        got=$(sed -n "s/^CONFIG_''${one%=*}=//p" .config)
        [ "''${got:-n}" = "''${one#*=}" ] || { echo "the kernel has no $one, but ''${got:-n}" >&2; exit 1; }
      done

      $make LZMA='xz --format=lzma' bzImage

      mkdir -p "$out"
      cp arch/x86/boot/bzImage System.map "$out"
      cp .config "$out/config"
      # What the payload unpacks to.
      cp arch/x86/boot/compressed/vmlinux.bin "$out/vmlinux"
      cp ${objects}/release "$out"
      if [ "$differing" ]; then
        $make modules
        $make modules_install INSTALL_MOD_PATH="$out" INSTALL_MOD_STRIP=1 DEPMOD=true
        rm -f "$out"/lib/modules/*/build "$out"/lib/modules/*/source
      else
        cp -r ${objects}/lib "$out"
        chmod -R u+w "$out"
      fi
    '';
in
{
  inherit objects link;
}
