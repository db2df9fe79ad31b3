# A raw disk image with ChromeOS' twelve partitions, numbered in another order
# than they lie in. Sparse: most of it is free space.
{ pkgs }:
{
  name,
  # Name of the image in the output.
  image,
  # Content of KERN-A, of KERN-B where it has one, and of ROOT-A.
  kernA,
  kernB ? null,
  rootA,
  # Directory with the content of STATE.
  state,
}:
pkgs.runCommand name
  {
    nativeBuildInputs = [
      pkgs.dosfstools
      pkgs.e2fsprogs
      pkgs.perl
      pkgs.vboot_reference
    ];
    seed = name;
    passthru = { inherit image kernA rootA; };
  }
  ''
    . ${./filesystem.sh}
    . ${./disk.sh}

    mkdir "$out"
    disk=$out/${image}
    create_disk
    put 2 ${kernA}
    ${pkgs.lib.optionalString (kernB != null) "put 4 ${kernB}"}
    put 3 ${rootA}
    put_hash_tree
    put_state ${state}
    put_oem
    put_efi_system
    cgpt show -q "$disk"
  ''
