# A real ARM64 kernel in a signed FIT, for kern-unpack. It takes minutes, so it
# is one of the slow checks (nix build .#slow.kernel-arm64).
#
#   image   Image, config and System.map of a cross-built Linux
#   fit     the Image, compressed with lz4, with a board's device tree
#   blob    that FIT with vboot's signatures, as on a shim's KERN-A
#
# The initramfs is the reference shim's, whose programs are for x86: this is to
# be taken apart, not booted.
{ pkgs }:
let
  initramfs = import ./initramfs { inherit pkgs; };
  cross = pkgs.pkgsCross.aarch64-multiplatform.buildPackages;

  image =
    pkgs.runCommand "linux-shimboot-arm64"
      (
        import ./kbuild.nix
        // {
          nativeBuildInputs = [
            pkgs.bc
            pkgs.binutils
            pkgs.bison
            pkgs.flex
            pkgs.gcc
            pkgs.perl
            cross.binutils
            cross.gcc
          ];
          config = ''
            CONFIG_BLK_DEV_INITRD=y
            CONFIG_INITRAMFS_SOURCE="initramfs.cpio"
            CONFIG_RD_XZ=y
            CONFIG_INITRAMFS_COMPRESSION_XZ=y
            CONFIG_BINFMT_ELF=y
            CONFIG_BINFMT_SCRIPT=y
            CONFIG_PRINTK=y
            CONFIG_IKCONFIG=y
          '';
          passAsFile = [ "config" ];
        }
      )
      ''
        cores=''${NIX_BUILD_CORES:-0}
        [ "$cores" -gt 0 ] || cores=$(nproc)
        make="make -s -j$cores ARCH=arm64 CROSS_COMPILE=${cross.gcc.targetPrefix}"

        # The list is made for x86, which has neither of these.
        grep -v -e /arch/ -e /clk/ ${./kernel-unused.txt} > unused
        tar -xf ${pkgs.linux_6_1.src} --exclude-from=unused
        mv linux-* linux
        cd linux
        cp ${initramfs} initramfs.cpio
        $make KCONFIG_ALLCONFIG="$configPath" allnoconfig
        grep '^CONFIG_' "$configPath" | while read -r line; do
          grep -qxF "$line" .config || { echo "not accepted: $line" >&2; exit 1; }
        done
        $make Image

        mkdir -p "$out"
        cp arch/arm64/boot/Image System.map "$out"
        cp .config "$out/config"
        cp initramfs.cpio "$out"
      '';

  fit =
    pkgs.runCommand "kernel.fit"
      {
        nativeBuildInputs = [
          pkgs.dtc
          pkgs.lz4
          pkgs.ubootTools
        ];
        source = ''
          /dts-v1/;
          / { description = "Chrome OS kernel image with one or more FDT blobs"; #address-cells = <1>;
          images {
            kernel-1 { data = /incbin/("Image.lz4"); type = "kernel_noload"; arch = "arm64"; os = "linux"; compression = "lz4"; load = <0>; entry = <0>; };
            fdt-1 { description = "board"; data = /incbin/("board.dtb"); type = "flat_dt"; arch = "arm64"; compression = "none"; hash-1 { algo = "sha1"; }; };
          };
          configurations { default = "conf-1"; conf-1 { kernel = "kernel-1"; fdt = "fdt-1"; }; };
          };
        '';
        passAsFile = [ "source" ];
      }
      ''
        cp "$sourcePath" kernel.its
        lz4 -q -9 ${image}/Image Image.lz4
        echo '/dts-v1/; / { model = "shimboot"; compatible = "google,shimboot", "linux,dummy-virt"; };' |
          dtc -q -I dts -O dtb -o board.dtb -
        mkimage -f kernel.its "$out"
      '';

  blob =
    pkgs.runCommand "shimboot-arm64.vboot"
      {
        nativeBuildInputs = [ pkgs.vboot_reference ];
        keys = "${pkgs.vboot_reference}/share/vboot/devkeys";
      }
      ''
        tr -d '\n' < ${./shim/cmdline.txt} > cmdline
        head -c 4096 /dev/zero > stub
        vbutil_kernel --pack "$out" --keyblock "$keys/installer_kernel.keyblock" \
          --signprivate "$keys/installer_kernel_data_key.vbprivk" \
          --version 1 --config cmdline --bootloader stub --vmlinuz ${fit} --arch arm
        vbutil_kernel --verify "$out" --signpubkey "$keys/recovery_key.vbpubk"
      '';
in
{
  inherit image fit blob;
}
