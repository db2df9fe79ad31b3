# The content of ROOT-A: the shim's own initramfs tree with our bootloader and
# its static busybox laid over it. $out/root-a.cpio
{
  runCommand,
  tools,
  busybox,
}:
{
  board,
  kernel,
  # Directories laid over the bootloader, for additions and replacements.
  overlays ? [ ],
}:
runCommand "bootloader-${board}"
  {
    nativeBuildInputs = [ tools ];
    inherit busybox overlays;
    bootloader = ../../bootloader;
  }
  ''
    mkdir -p overlay/shimboot/bin
    cp -r "$bootloader/bin" "$bootloader/shimboot" overlay
    chmod -R u+w overlay
    # The shim may write etc/init/debug_console.conf, and stops if it cannot.
    mkdir -p overlay/etc/init

    cp "$busybox/bin/busybox" overlay/shimboot/bin/busybox
    overlay/shimboot/bin/busybox --list | sort > available
    sort "$bootloader/applets" | comm -23 - available > missing
    if [ -s missing ]; then
      echo "bootloader: busybox lacks these applets:" $(cat missing) >&2
      exit 1
    fi
    while read -r applet; do
      ln -s busybox "overlay/shimboot/bin/$applet"
    done < "$bootloader/applets"

    set -- --overlay overlay
    for dir in $overlays; do
      set -- "$@" --overlay "$dir"
    done
    mkdir "$out"
    initramfs-patch --in ${kernel}/initramfs.cpio --remove init "$@" --out "$out/root-a.cpio"
  ''
