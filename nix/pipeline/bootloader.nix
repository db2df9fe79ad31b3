# The content of ROOT-A: the shim's own initramfs tree with our bootloader and
# its static programs laid over it. $out/root-a.cpio
{
  lib,
  runCommand,
  tools,
  jq,
  # Programs that need nothing from the shim.
  busybox,
  e2fsprogs,
  # bin/cryptsetup, with what it needs under libexec/cryptsetup or nothing.
  cryptsetup,
}:
{
  board,
  kernel,
  # Whether roots may be encrypted, and are where there is room for it; makes
  # ROOT-A larger.
  luks ? false,
  # Directories laid over the bootloader, for additions and replacements.
  overlays ? [ ],
}:
runCommand "bootloader-${board}"
  {
    nativeBuildInputs = [
      tools
      jq
    ];
    inherit board busybox overlays;
    e2fsck = "${lib.getBin e2fsprogs}/bin/e2fsck";
    cryptsetup = lib.optionalString luks (lib.getBin cryptsetup);
    bootloader = ../../bootloader;
    # For the menu and the log.
    versionFile = ../../VERSION;
    # Bytes that the bootloader's own files may take.
    limit = 1024 * 1024;
  }
  ''
    mkdir -p overlay/shimboot/bin
    cp -r "$bootloader/bin" "$bootloader/shimboot" overlay
    chmod -R u+w overlay
    echo "$board" > overlay/shimboot/board
    cp "$versionFile" overlay/shimboot/version
    # The shim may write etc/init/debug_console.conf, and stops if it cannot.
    mkdir -p overlay/etc/init overlay/newroot

    size=$(du -sb overlay | cut -f 1)
    if [ "$size" -gt "$limit" ]; then
      echo "bootloader: its files take $size bytes, more than $limit" >&2
      exit 1
    fi

    cp "$busybox/bin/busybox" overlay/shimboot/bin/busybox
    # e_machine of elf.h.
    case $(od -An -tu2 -j 18 -N 2 overlay/shimboot/bin/busybox | tr -d ' ') in
      62) arch=x86_64 ;;
      183) arch=aarch64 ;;
      *) arch=unknown ;;
    esac
    kernel=$(jq -r .arch ${kernel}/kernel.json)
    if [ "$arch" != "$kernel" ]; then
      echo "bootloader: the shim's kernel is of $kernel, the programs beside it of $arch: take a package set for $kernel" >&2
      exit 1
    fi
    overlay/shimboot/bin/busybox --list | sort > available
    sort "$bootloader/applets" | comm -23 - available > missing
    if [ -s missing ]; then
      echo "bootloader: busybox lacks these applets:" $(cat missing) >&2
      exit 1
    fi
    while read -r applet; do
      ln -s busybox "overlay/shimboot/bin/$applet"
    done < "$bootloader/applets"
    cp "$e2fsck" overlay/shimboot/bin/e2fsck
    if [ -n "$cryptsetup" ]; then
      cp "$cryptsetup/bin/cryptsetup" overlay/shimboot/bin/cryptsetup
      [ ! -d "$cryptsetup/libexec/cryptsetup" ] || cp -rL "$cryptsetup/libexec" overlay/shimboot/libexec
    fi

    set -- --overlay overlay
    for dir in $overlays; do
      set -- "$@" --overlay "$dir"
    done
    mkdir "$out"
    initramfs-patch --in ${kernel}/initramfs.cpio --remove init "$@" --out "$out/root-a.cpio"
  ''
