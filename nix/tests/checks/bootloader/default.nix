# Whole boots of the bootloader, driven over its consoles; ChromeOS' rule for
# mounts is on in all of them.
{
  runCommand,
  writeTextFile,
  busybox,
  e2fsprogs,
  dosfstools,
  vboot_reference,
  vm,
  # Whose bootloader it is; the same with LUKS.
  board,
  luksBoard,
}:
let
  images = import ./images.nix {
    inherit
      runCommand
      writeTextFile
      busybox
      vm
      board
      ;
  };
in
import ./menu.nix { inherit vm images; }
// import ./state.nix { inherit runCommand vm images; }
// import ./disks.nix { inherit vm images vboot_reference; }
// import ./failures.nix {
  inherit
    vm
    images
    e2fsprogs
    dosfstools
    vboot_reference
    ;
}
// import ../luks/bootloader.nix {
  inherit vm images;
  board = luksBoard;
}
